import { createHash } from 'node:crypto'

/** 36 bits, enough to tell a few thousand values apart. */
export const SHORT_HASH_LENGTH = 6

/** A short, stable key for use in cursors. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, SHORT_HASH_LENGTH)
}

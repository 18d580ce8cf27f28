import { createHash } from 'node:crypto'

/** Thirty-six bits: they only have to tell a few thousand things apart. */
export const SHORT_HASH_LENGTH = 6

/** A short stable name for something, to be kept in a cursor. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, SHORT_HASH_LENGTH)
}

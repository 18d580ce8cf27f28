import { createHash } from 'node:crypto'
import { BadInputError } from '../job/errors.js'

/** A position in a list that the vendor pages by number. */
export interface ListPosition {
  /** How many items come before it. */
  readonly offset: number
  /** The vendor's maximum page size, once it is known; null when the vendor returns as many items as requested. */
  readonly cap: number | null
}

/** The name of a list and the arguments that select its items. A cursor is valid for one identity only. */
export type ListIdentity = readonly unknown[]

const POSITION = /^([\w-]{8}):(0|[1-9]\d{0,8}):(0|[1-9]\d{0,2})$/

/** Encodes a position of this list as an opaque cursor. */
export function encodeCursor(list: ListIdentity, { offset, cap }: ListPosition): string {
  return Buffer.from(`${fingerprintOf(list)}:${offset}:${cap ?? 0}`).toString('base64url')
}

/**
 * The position inside a cursor of this list.
 * @throws {BadInputError} for everything that {@link encodeCursor} cannot return for this list
 */
export function decodeCursor(list: ListIdentity, cursor: string): ListPosition {
  const match = cursor.length <= 64 ? POSITION.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const position = match && { offset: Number(match[2]), cap: Number(match[3]) || null }
  if (!position || encodeCursor(list, position) !== cursor)
    throw new BadInputError('`after` is not a cursor of this list. Use an `endCursor` of it, with the same arguments.')
  return position
}

/** Cached, because every edge of a page encodes the same list. */
const fingerprints = new WeakMap<ListIdentity, string>()

function fingerprintOf(list: ListIdentity): string {
  const fingerprint = fingerprints.get(list) ?? computeFingerprint(list)
  fingerprints.set(list, fingerprint)
  return fingerprint
}

/** Short, because it only has to tell lists apart. */
function computeFingerprint(list: ListIdentity): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8)
}

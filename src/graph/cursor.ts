import { createHash } from 'node:crypto'
import { BadInputError } from '../job/errors.js'

/** Where to go on in a vendor's paged list. */
export interface ListPosition {
  /** How many items come before. */
  readonly offset: number
  /** How many items the vendor puts on a page at most, where that was found out; null where it gives what it is asked for. */
  readonly cap: number | null
}

/** What a list is a list of: its name and the arguments that make it what it is. A cursor of one is none of another. */
export type ListIdentity = readonly unknown[]

const POSITION = /^([\w-]{8}):(0|[1-9]\d{0,8}):(0|[1-9]\d{0,2})$/

/** The opaque cursor of a position in a list. */
export function encodeCursor(list: ListIdentity, { offset, cap }: ListPosition): string {
  return Buffer.from(`${mark(list)}:${offset}:${cap ?? 0}`).toString('base64url')
}

/**
 * The position inside a cursor, which must be of this list.
 * @throws {BadInputError} for everything that {@link encodeCursor} would not have made for it
 */
export function decodeCursor(list: ListIdentity, cursor: string): ListPosition {
  const match = cursor.length <= 64 ? POSITION.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const position = match && { offset: Number(match[2]), cap: Number(match[3]) || null }
  if (!position || encodeCursor(list, position) !== cursor)
    throw new BadInputError('`after` is not a cursor of this list.')
  return position
}

/** A page has a cursor for each of its edges, and all of them the same list. */
const marks = new WeakMap<ListIdentity, string>()

function mark(list: ListIdentity): string {
  const known = marks.get(list) ?? computeMark(list)
  marks.set(list, known)
  return known
}

/** Short, for it only has to tell lists apart. */
function computeMark(list: ListIdentity): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8)
}

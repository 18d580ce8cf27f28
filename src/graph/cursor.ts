import { BadInputError } from '../job/errors.js'

/** Where an item stands in a vendor's paged list. */
export interface PagePosition {
  /** From 1. */
  readonly page: number
  /** How many items a page was asked to have: positions only make sense for the same size. */
  readonly size: number
  /** Within the page, from 0. */
  readonly index: number
}

const POSITION = /^([1-9]\d{0,8}):([1-9]\d{0,2}):(0|[1-9]\d{0,3})$/

/** The opaque cursor of a position in the list called `list`. */
export function encodeCursor(list: string, { page, size, index }: PagePosition): string {
  return Buffer.from(`${list}:${page}:${size}:${index}`).toString('base64url')
}

/**
 * The position inside a cursor, which must be of the list called `list`.
 * @throws {BadInputError} for everything that {@link encodeCursor} would not have made for it
 */
export function decodeCursor(list: string, cursor: string): PagePosition {
  const text = cursor.length <= 128 ? Buffer.from(cursor, 'base64url').toString('utf8') : ''
  const match = text.startsWith(`${list}:`) ? POSITION.exec(text.slice(list.length + 1)) : null
  const position = match && { page: Number(match[1]), size: Number(match[2]), index: Number(match[3]) }
  if (!position || encodeCursor(list, position) !== cursor) throw new BadInputError('`after` is not a cursor of this list.')
  return position
}

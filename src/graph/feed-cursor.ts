import { BadInputError } from '../job/errors.js'
import { START, type KeysetCursor } from '../feed/keyset-cursor.js'
import type { FeedCursor } from '../feed/feed.js'
import { NO_ROW_KEY, READING_ORDERS, UNORDERED, type ListPosition, type ReadingOrder } from '../feed/list-position.js'

const ROW_KEY = /[\w-]{6}/g
const CURSOR = /^jobs:(0|[1-9]\d{0,14}):((?:[\w-]{6})*)((?::[\w-]{6}[nouxNO][^:]*)*)$/
const POSITION = /^([\w-]{6})([nouxNO])(?:(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,2})\.([\w-]{6}))?$/
/** Enough for thousands of jobs with the same timestamp, and the positions of hundreds of lists. */
const MAX_LENGTH = 64_000
const MAX_POSITIONS = 500
/** With more, a page of a hundred cursors would be larger than its jobs. Dropping them costs a few requests. */
const MAX_INTERMEDIATE_POSITIONS = 12

const LETTERS = { newest: 'n', oldest: 'o', undated: 'u', none: 'x' } as const satisfies Record<ReadingOrder, string>

/**
 * Encodes a position in the list of all jobs as an opaque cursor: the sort key, which stays valid while jobs come and go,
 * and the next position in each vendor's list. It is valid for any filter; positions of lists that are not read are ignored.
 */
export function encodeFeedCursor({ keyset: { time, shown }, positions }: FeedCursor): string {
  const lists = [...positions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_POSITIONS)
    .map(([listKey, position]) => `:${listKey}${encodePosition(position)}`)
  return Buffer.from(`jobs:${time}:${shown.join('')}${lists.join('')}`).toString('base64url')
}

/** Encodes the cursor of a job in the middle of a page. Clients rarely use it, so it is kept short. */
export function encodeIntermediateFeedCursor({ keyset, positions }: FeedCursor): string {
  const hasTooMany = positions.size > MAX_INTERMEDIATE_POSITIONS
  const encoded = hasTooMany ? [...positions].filter(([, { order }]) => order === 'none') : positions
  return encodeFeedCursor({ keyset, positions: new Map(encoded) })
}

/** @throws {BadInputError} for everything that {@link encodeFeedCursor} cannot return */
export function decodeFeedCursor(cursor: string): FeedCursor {
  const match = cursor.length <= MAX_LENGTH ? CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const keyset: KeysetCursor | null = match && { time: Number(match[1]), shown: match[2]!.match(ROW_KEY) ?? [] }
  const lists = match?.[3]!.split(':').slice(1).map(decodePosition) ?? []
  const decoded = keyset && { keyset, positions: new Map(lists.filter((list) => list !== null)) }
  if (!decoded || keyset.time > START.time || encodeFeedCursor(decoded) !== cursor) {
    throw new BadInputError('`after` is not a cursor of this list. Use an `endCursor` of it.')
  }
  return decoded
}

function encodePosition({ order, offset, cap, firstKey, hasUndated }: ListPosition): string {
  if (order === 'none') return LETTERS.none
  const letter = hasUndated && order !== 'undated' ? LETTERS[order].toUpperCase() : LETTERS[order]
  return `${letter}${offset}.${cap ?? 0}.${firstKey}`
}

/** The key of a list and the position in it; null for what {@link encodePosition} never returns. */
function decodePosition(text: string): readonly [string, ListPosition] | null {
  const match = POSITION.exec(text)
  if (match === null) return null
  const [, listKey, letter, offset, cap, first = NO_ROW_KEY] = match
  const order = READING_ORDERS.find((order) => LETTERS[order] === letter!.toLowerCase())!
  if (order === 'none' || offset === undefined) return [listKey!, UNORDERED]
  const undated = order === 'undated' || letter !== LETTERS[order]
  if (order === 'newest' && offset === '0') return null
  return [listKey!, { order, offset: Number(offset), cap: Number(cap) || null, firstKey: first, hasUndated: undated }]
}

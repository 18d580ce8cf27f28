import { BadInputError } from '../job/errors.js'
import { START, type KeysetCursor } from '../feed/keyset-cursor.js'
import type { FeedCursor } from '../feed/feed.js'
import { NO_ROW_KEY, READING_ORDERS, UNORDERED, type ListPosition, type ReadingOrder } from '../feed/list-position.js'

const MARK = /[\w-]{6}/g
const CURSOR = /^jobs:(0|[1-9]\d{0,14}):((?:[\w-]{6})*)((?::[\w-]{6}[nouxNO][^:]*)*)$/
const POSITION = /^([\w-]{6})([nouxNO])(?:(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,2})\.([\w-]{6}))?$/
/** Some thousand jobs of one moment, and where some hundred lists go on. */
const MAX_LENGTH = 64_000
const MAX_POSITIONS = 500
/** With more of them a page of a hundred cursors would be heavier than its jobs; what they spare is a few calls. */
const MAX_INTERMEDIATE_POSITIONS = 12

const LETTERS = { newest: 'n', oldest: 'o', undated: 'u', none: 'x' } as const satisfies Record<ReadingOrder, string>

/**
 * The opaque cursor of a place in the list of all jobs: what it is sorted by, so that it stays true while others come
 * and go, and where each vendor's list goes on. It is good for any filter; positions count where their list is read.
 */
export function encodeFeedCursor({ keyset: { time, shown }, positions }: FeedCursor): string {
  const lists = [...positions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_POSITIONS)
    .map(([mark, position]) => `:${mark}${writePosition(position)}`)
  return Buffer.from(`jobs:${time}:${shown.join('')}${lists.join('')}`).toString('base64url')
}

/** The same for a job in the middle of a page, where few go on. */
export function encodeIntermediateFeedCursor({ keyset, positions }: FeedCursor): string {
  const isMuch = positions.size > MAX_INTERMEDIATE_POSITIONS
  const kept = isMuch ? [...positions].filter(([, { order }]) => order === 'none') : positions
  return encodeFeedCursor({ keyset, positions: new Map(kept) })
}

/** @throws {BadInputError} for what {@link encodeFeedCursor} would not have made */
export function decodeFeedCursor(cursor: string): FeedCursor {
  const match = cursor.length <= MAX_LENGTH ? CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const keyset: KeysetCursor | null = match && { time: Number(match[1]), shown: match[2]!.match(MARK) ?? [] }
  const lists = match?.[3]!.split(':').slice(1).map(readPosition) ?? []
  const decoded = keyset && { keyset, positions: new Map(lists.filter((list) => list !== null)) }
  if (!decoded || keyset.time > START.time || encodeFeedCursor(decoded) !== cursor) {
    throw new BadInputError('`after` is not a cursor of this list.')
  }
  return decoded
}

function writePosition({ order, offset, cap, firstKey, hasUndated }: ListPosition): string {
  if (order === 'none') return LETTERS.none
  const letter = hasUndated && order !== 'undated' ? LETTERS[order].toUpperCase() : LETTERS[order]
  return `${letter}${offset}.${cap ?? 0}.${firstKey}`
}

/** Null for what no list is ever said to go on with. */
function readPosition(text: string): readonly [string, ListPosition] | null {
  const match = POSITION.exec(text)
  if (match === null) return null
  const [, mark, letter, offset, cap, first = NO_ROW_KEY] = match
  const order = READING_ORDERS.find((order) => LETTERS[order] === letter!.toLowerCase())!
  if (order === 'none' || offset === undefined) return [mark!, UNORDERED]
  const undated = order === 'undated' || letter !== LETTERS[order]
  if (order === 'newest' && offset === '0') return null
  return [mark!, { order, offset: Number(offset), cap: Number(cap) || null, firstKey: first, hasUndated: undated }]
}

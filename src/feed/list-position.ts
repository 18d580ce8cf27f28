import type { Job } from '../job/job.js'
import { rowKeyOf } from './keyset-cursor.js'
import { SHORT_HASH_LENGTH } from './short-hash.js'
import type { ListPage } from './list-pages.js'

/** How a list is read: by the order that it was found to have; `undated` is the second look at one, for the jobs without a date. */
export const READING_ORDERS = ['newest', 'oldest', 'undated', 'none'] as const

export type ReadingOrder = (typeof READING_ORDERS)[number]

/**
 * Where to go on in one vendor's list, so that paging deep does not begin at its beginning. A hint: jobs come and go,
 * so whoever goes on looks whether it still holds, and what is shown is decided by the place in the feed alone.
 */
export interface ListPosition {
  readonly order: ReadingOrder
  /** How many rows come before the page to go on with: rows, because a page may be of another size next time. */
  readonly offset: number
  /** How many rows the vendor puts on a page at most; null where it gives what it is asked for. */
  readonly cap: number | null
  /** The mark of that page's first job in reading order. */
  readonly firstKey: string
  /** Whether there were jobs without a date on the way, which are still to be shown. */
  readonly hasUndated: boolean
}

/** Positions by the mark of their list. */
export type ListPositions = ReadonlyMap<string, ListPosition>

/** Stands for the first job of a page that has none. */
export const NO_ROW_KEY = '-'.repeat(SHORT_HASH_LENGTH)

/** An unordered list is always read as a whole. */
export const UNORDERED: ListPosition = { order: 'none', offset: 0, cap: null, firstKey: NO_ROW_KEY, hasUndated: false }

export function firstRowKey(rows: readonly Job[]): string {
  return rows[0] === undefined ? NO_ROW_KEY : rowKeyOf(rows[0])
}

/** Whether the job that a position remembers is on this page. */
export function hasRow(page: ListPage, mark: string): boolean {
  return page.jobs.length === 0 ? mark === NO_ROW_KEY : page.jobs.some((job) => rowKeyOf(job) === mark)
}

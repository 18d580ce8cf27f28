import type { Job } from '../job/job.js'
import { rowKeyOf } from './keyset-cursor.js'
import { SHORT_HASH_LENGTH } from './short-hash.js'
import type { ListPage } from './list-pages.js'

/** The order in which a list is scanned; `undated` is the second scan, for jobs without a creation time. */
export const READING_ORDERS = ['newest', 'oldest', 'undated', 'none'] as const

export type ReadingOrder = (typeof READING_ORDERS)[number]

/**
 * Where to resume in one vendor's list, so that deep pages do not scan it from the start. It is only a hint: jobs come
 * and go, so a scanner checks it. The keyset cursor alone decides which jobs are returned.
 */
export interface ListPosition {
  readonly order: ReadingOrder
  /** The number of rows before the page to resume with. A page number would change its meaning with the page size. */
  readonly offset: number
  /** The vendor's page size cap, in rows; null when it returns what was requested. */
  readonly cap: number | null
  /** The row key of that page's first job in scan order. */
  readonly firstKey: string
  /** Whether the scan has passed jobs without a creation time. They are returned last. */
  readonly hasUndated: boolean
}

/** By the key of their list. */
export type ListPositions = ReadonlyMap<string, ListPosition>

/** The row key of an empty page. */
export const NO_ROW_KEY = '-'.repeat(SHORT_HASH_LENGTH)

/** An unsorted list is always scanned from its start. */
export const UNORDERED: ListPosition = { order: 'none', offset: 0, cap: null, firstKey: NO_ROW_KEY, hasUndated: false }

export function firstRowKey(rows: readonly Job[]): string {
  return rows[0] === undefined ? NO_ROW_KEY : rowKeyOf(rows[0])
}

/** Whether the page contains the row with this key. */
export function hasRow(page: ListPage, rowKey: string): boolean {
  return page.jobs.length === 0 ? rowKey === NO_ROW_KEY : page.jobs.some((job) => rowKeyOf(job) === rowKey)
}

import type { Job } from '../job/job.js'
import type { JobSource } from '../job/vendor.js'
import type { PageQuota } from './page-quota.js'

/** A page of a list, addressed by row offsets. */
export interface ListPage {
  /** The number of rows before this page. */
  readonly offset: number
  /** The offset of the next page. */
  readonly end: number
  /** In the vendor's order, without rows that are not jobs. */
  readonly jobs: readonly Job[]
  /** The number of rows in the list; null when the vendor does not say. */
  readonly total: number | null
  readonly isLast: boolean
}

/** Whether rows were removed between the two reads, so that jobs may have moved onto the earlier page. */
export function hasShrunk(before: ListPage, next: ListPage): boolean {
  return before.total !== null && next.total !== null && next.total < before.total
}

/** The pages of one list that one query reads, with the ones it has read. */
export interface ListPages {
  /** The page that contains this row, from memory or from the vendor. Call it only when {@link canRead} is true. */
  at(offset: number): Promise<ListPage>
  /** Reads a page again, past all caches; null when the quota is exhausted. */
  refetch(page: ListPage): Promise<ListPage | null>
  /** Whether {@link at} may be called: the page is in memory, or the quota allows another read. */
  canRead(offset: number): boolean
  /** Every page that was read. */
  all(): readonly ListPage[]
  /** The page size of the next read, in rows. */
  size(): number
  /** The vendor's page size cap; null when none was found. */
  cap(): number | null
}

/** After the first page most rows are filtered out, so large pages save requests. */
const LARGE_PAGE = 100

/**
 * @param firstSize the size of the first page, in rows; null for the default
 * @param knownCap the vendor's page size cap, if an earlier query found it
 */
export function createListPages(
  source: JobSource,
  quota: PageQuota,
  firstSize: number | null,
  knownCap: number | null,
): ListPages {
  const read: ListPage[] = []
  let cap = knownCap

  const nextSize = () => cap ?? LARGE_PAGE
  const find = (offset: number) => read.find((page) => page.offset <= offset && offset < page.end)

  async function fetch(offset: number, requestedSize: number, isNew: boolean): Promise<ListPage> {
    const number = Math.floor(offset / requestedSize) + 1
    quota.consume()
    const { items: jobs, total, isLast, cap: foundCap } = await source.page(number, requestedSize, isNew)
    cap = foundCap ?? cap
    const size = Math.min(requestedSize, cap ?? requestedSize)
    const start = (number - 1) * size
    // A newly found cap shifts all pages but the first, so this one may not contain the wanted row. It still counts as read.
    const isRequested = (size === requestedSize || number === 1) && (isLast || offset < start + size)
    if (!isRequested && !quota.isExhausted()) return fetch(offset, size, isNew)
    const page: ListPage = { offset: start, end: start + size, jobs, total, isLast }
    read.push(page)
    return page
  }

  return {
    async at(offset) {
      const isFirst = read.length === 0 && offset === 0 && firstSize !== null
      return find(offset) ?? fetch(offset, isFirst ? Math.min(firstSize, nextSize()) : nextSize(), false)
    },
    refetch: async ({ offset }) => (quota.isExhausted() ? null : fetch(offset, nextSize(), true)),
    canRead: (offset) => find(offset) !== undefined || !quota.isExhausted(),
    all: () => read,
    size: nextSize,
    cap: () => cap,
  }
}

import type { Job } from '../job/job.js'
import type { JobSource } from '../job/vendor.js'
import type { PageQuota } from './page-quota.js'

/** A page of a list, by the rows it has. */
export interface ListPage {
  /** How many rows of the list come before. */
  readonly offset: number
  /** Where the next page begins. */
  readonly end: number
  /** In the vendor's order; rows that are no jobs are left out. */
  readonly jobs: readonly Job[]
  /** How many rows the list has; null where the vendor does not say. */
  readonly total: number | null
  readonly isLast: boolean
}

/** Whether the list has fewer rows than when the page before was read: then jobs may have moved onto that one. */
export function hasShrunk(before: ListPage, next: ListPage): boolean {
  return before.total !== null && next.total !== null && next.total < before.total
}

/** The pages of one list as one query reads them. */
export interface ListPages {
  /** The page that has this row: the one that was read, else read now. To be called only where {@link canRead} says so. */
  at(offset: number): Promise<ListPage>
  /** A page as it is now, past everything that was kept; null when no more may be read. */
  refetch(page: ListPage): Promise<ListPage | null>
  /** Whether {@link at} may be called: the page was read, or another one may be. */
  canRead(offset: number): boolean
  /** Every page that was read. */
  all(): readonly ListPage[]
  /** How many rows a page has at most, from now on. */
  size(): number
  /** The same when it is the vendor's doing, else null. */
  cap(): number | null
}

/** Behind the first page much of what is read is not wanted: it pays to read much at a time. */
const LARGE_PAGE = 100

/**
 * @param firstSize how many rows to ask for first
 * @param knownCap how many rows a page has at most, where that was found out before
 */
export function createListPages(
  source: JobSource,
  allowance: PageQuota,
  firstSize: number | null,
  knownCap: number | null,
): ListPages {
  const read: ListPage[] = []
  let cap = knownCap

  const sizeNow = () => cap ?? LARGE_PAGE
  const find = (offset: number) => read.find((page) => page.offset <= offset && offset < page.end)

  async function fetch(offset: number, asked: number, isNew: boolean): Promise<ListPage> {
    const page = Math.floor(offset / asked) + 1
    allowance.consume()
    const { items: jobs, total, isLast, cap: shorter } = await source.page(page, asked, isNew)
    cap = shorter ?? cap
    const size = Math.min(asked, cap ?? asked)
    const begin = (page - 1) * size
    // Shorter pages than thought: this one is another than was meant, unless it is the first. It is a page all the same.
    const isMeant = (size === asked || page === 1) && (isLast || offset < begin + size)
    if (!isMeant && !allowance.isExhausted()) return fetch(offset, size, isNew)
    const found: ListPage = { offset: begin, end: begin + size, jobs, total, isLast }
    read.push(found)
    return found
  }

  return {
    async at(offset) {
      const isFirst = read.length === 0 && offset === 0 && firstSize !== null
      return find(offset) ?? fetch(offset, isFirst ? Math.min(firstSize, sizeNow()) : sizeNow(), false)
    },
    refetch: async ({ offset }) => (allowance.isExhausted() ? null : fetch(offset, sizeNow(), true)),
    canRead: (offset) => find(offset) !== undefined || !allowance.isExhausted(),
    all: () => read,
    size: sizeNow,
    cap: () => cap,
  }
}

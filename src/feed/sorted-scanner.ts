import { feedTime, isDated, isAlreadyShown } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { orderOf } from './list-order.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstRowKey, hasRow, type ListPosition } from './list-position.js'
import type { ListScanner, ScanOptions } from './list-scanner.js'

/** How to move through a sorted list from its newest job to its oldest. */
export interface ScanDirection {
  readonly order: 'newest' | 'oldest'
  /** The jobs of a page, newest first. */
  rows(page: ListPage): readonly Job[]
  /** The offset of a row on the page with newer jobs; null at the newest end. */
  newer(page: ListPage): number | null
  /** The offset of a row on the page with older jobs; null at the oldest end. */
  older(page: ListPage): number | null
  /** Whether jobs may have moved from `next`, which was read later, to `before`. */
  mayHaveShifted(before: ListPage, next: ListPage): boolean
}

/** New jobs push the others to later pages; removed jobs pull them back. */
export const NEWEST_FIRST: ScanDirection = {
  order: 'newest',
  rows: ({ jobs }) => jobs,
  newer: ({ offset }) => (offset === 0 ? null : offset - 1),
  older: ({ end, isLast }) => (isLast ? null : end),
  mayHaveShifted: hasShrunk,
}

/** New jobs come at the end and move nothing. Jobs inserted earlier, by a status change, push the others to later pages. */
export const OLDEST_FIRST: ScanDirection = {
  order: 'oldest',
  rows: ({ jobs }) => jobs.toReversed(),
  newer: ({ end, isLast }) => (isLast ? null : end),
  older: ({ offset }) => (offset === 0 ? null : offset - 1),
  mayHaveShifted: (before, next) => before.total !== null && next.total !== null && next.total > before.total,
}

export interface SortedScanner extends ListScanner {
  /** Whether a page contradicted the assumed order. */
  isUnsorted(): boolean
  /** Whether the scan ended but did not cover the newest page, so that jobs without a creation time may be missing. */
  isMissingUndated(): boolean
}

interface VisitedPage {
  readonly page: ListPage
  /** The time of its newest job in epoch ms; null when no job has one. */
  readonly time: number | null
}

interface Row {
  readonly job: Job
  readonly pageIndex: number
}

/**
 * Scans a list that is sorted by time, from its newest job or from a position. It verifies the position: the page must
 * start with a job newer than the cursor, or contain the remembered row. If jobs were removed meanwhile, it steps back
 * towards newer pages.
 * @param from where to start; `firstKey` is null for a list that no earlier page has read
 */
export function createSortedScanner(
  direction: ScanDirection,
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'hasUndated'> & { readonly firstKey: string | null },
  { after, isWanted }: ScanOptions,
): SortedScanner {
  const visitedPages: VisitedPage[] = []
  const rows: Row[] = []
  const seen = new Set<string>()
  const undated: Job[] = []
  let hasUndated = from.hasUndated
  let taken = 0
  let lastTime = Infinity
  let state: 'reading' | 'out-of-quota' | 'ended' | 'unsorted' = 'reading'

  async function open(): Promise<void> {
    let page = await pages.at(from.offset)
    for (let newer = direction.newer(page); newer !== null && !canStartAt(page); newer = direction.newer(page)) {
      if (!pages.canRead(newer)) break
      page = await pages.at(newer)
    }
    add(page)
  }

  /** Whether no wanted job can be on a newer page. */
  function canStartAt(page: ListPage): boolean {
    if (after === null || from.firstKey === null) return false
    const [first] = direction.rows(page)
    const time = timeOf(page)
    return (
      (time !== null && time > after.time) || hasRow(page, from.firstKey) || (!!first && isAlreadyShown(after, first))
    )
  }

  function timeOf(page: ListPage): number | null {
    const first = direction.rows(page).find(isDated)
    return first === undefined ? null : feedTime(first)
  }

  async function nextPage({ page: before }: VisitedPage): Promise<void> {
    const older = direction.older(before)
    if (older === null) return end()
    if (!pages.canRead(older)) return void (state = 'out-of-quota')
    const page = await pages.at(older)
    if (direction.mayHaveShifted(before, page)) {
      const refetched = await pages.refetch(before)
      // The next query starts with this page.
      if (refetched === null) return void (state = 'out-of-quota')
      add(refetched)
    }
    add(page)
  }

  function add(page: ListPage): void {
    const jobs = direction.rows(page)
    const isSorted = ['newest', 'equal'].includes(orderOf(jobs)) || !jobs.some(isDated)
    const overlaps = jobs.some((job) => seen.has(idOf(job)))
    const unseen = jobs.filter((job) => !seen.has(idOf(job)))
    const [first] = unseen.filter(isDated)
    // A job newer than the last one may have been inserted meanwhile, if the page overlaps the one before.
    if (!isSorted || (first && feedTime(first) > lastTime && !overlaps)) return void (state = 'unsorted')
    visitedPages.push({ page, time: timeOf(page) })
    for (const job of unseen) {
      seen.add(idOf(job))
      if (isDated(job)) addDated(job)
      else if (isWanted(job)) undated.push(job)
    }
    hasUndated ||= undated.length > 0
  }

  /** Ignores jobs that were inserted among those already buffered. */
  function addDated(job: Job): void {
    if (feedTime(job) > lastTime) return
    lastTime = feedTime(job)
    if (isWanted(job)) rows.push({ job, pageIndex: visitedPages.length - 1 })
  }

  function end(): void {
    state = 'ended'
    if (hasNewestPage()) rows.push(...undated.map((job) => ({ job, pageIndex: visitedPages.length - 1 })))
  }

  const hasNewestPage = () => visitedPages[0] !== undefined && direction.newer(visitedPages[0].page) === null

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined)
        await (visitedPages.length === 0 ? open() : nextPage(visitedPages.at(-1)!))
    },
    peek: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    watermark: () => (rows[taken] !== undefined || state === 'ended' ? null : lastTime),
    isOutOfQuota: () => state === 'out-of-quota',
    position({ time }) {
      // The last page with no wanted job before it. Its first row key lets the next scan verify that.
      const nextIndex = rows[taken]?.pageIndex ?? visitedPages.length - 1
      const isBeforeCursor = (visited: VisitedPage) => visited.time === null || visited.time >= time
      const resume = visitedPages.slice(0, nextIndex + 1).findLast(isBeforeCursor) ?? visitedPages[0]
      if (resume === undefined || (direction.order === 'newest' && resume.page.offset === 0)) return null
      const firstKey = firstRowKey(direction.rows(resume.page))
      return { order: direction.order, offset: resume.page.offset, cap: pages.cap(), firstKey, hasUndated }
    },
    isUnsorted: () => state === 'unsorted',
    isMissingUndated: () => state === 'ended' && hasUndated && !hasNewestPage(),
  }
}

function idOf(job: Job): string {
  return encodeJobId(job.address)
}

import { feedTime, isDated, isAlreadyShown } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { orderOf } from './list-order.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstRowKey, hasRow, type ListPosition } from './list-position.js'
import type { ListScanner, ScanOptions } from './list-scanner.js'

/** Which way the pages of a list lie, seen from its newest job. */
export interface ScanDirection {
  readonly order: 'newest' | 'oldest'
  /** The jobs of a page, newest first. */
  rows(page: ListPage): readonly Job[]
  /** A row of the page with newer jobs; null when there is none. */
  newer(page: ListPage): number | null
  /** A row of the page with older jobs; null when there is none. */
  older(page: ListPage): number | null
  /** Whether jobs may have moved from the page read later, `next`, to the one read before it. */
  mayHaveShifted(before: ListPage, next: ListPage): boolean
}

/** New jobs push the others on to later pages; jobs that leave pull them back. */
export const NEWEST_FIRST: ScanDirection = {
  order: 'newest',
  rows: ({ jobs }) => jobs,
  newer: ({ offset }) => (offset === 0 ? null : offset - 1),
  older: ({ end, isLast }) => (isLast ? null : end),
  mayHaveShifted: hasShrunk,
}

/** New jobs come at the end and move nothing. Those that enter before it, as by a change of status, push the others on. */
export const OLDEST_FIRST: ScanDirection = {
  order: 'oldest',
  rows: ({ jobs }) => jobs.toReversed(),
  newer: ({ end, isLast }) => (isLast ? null : end),
  older: ({ offset }) => (offset === 0 ? null : offset - 1),
  mayHaveShifted: (before, next) => before.total !== null && next.total !== null && next.total > before.total,
}

export interface SortedScanner extends ListScanner {
  /** Whether the list turned out not to have the order that it was taken to have. */
  isUnsorted(): boolean
  /** Whether all has been read but jobs without a date on pages that this walk did not begin with. */
  isMissingUndated(): boolean
}

/** A page on the way. */
interface VisitedPage {
  readonly page: ListPage
  /** The time of its newest job; null when none has one. */
  readonly time: number | null
}

interface Row {
  readonly job: Job
  readonly pageIndex: number
}

/**
 * A list that is sorted by time, read from its newest job on, or from where somebody had come to. That is checked:
 * the page must begin with a job newer than the place, or with the one remembered; where jobs have left meanwhile the
 * page before is looked at.
 * @param from where to begin: `first` is null when nobody has been there
 */
export function createSortedScanner(
  course: ScanDirection,
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'undated'> & { readonly first: string | null },
  { after, isWanted }: ScanOptions,
): SortedScanner {
  const visited: VisitedPage[] = []
  const rows: Row[] = []
  const seen = new Set<string>()
  const undated: Job[] = []
  let hasUndated = from.hasUndated
  let taken = 0
  let last = Infinity
  let state: 'reading' | 'halted' | 'ended' | 'out of order' = 'reading'

  function isReached(page: ListPage): boolean {
    if (after === null || from.first === null) return false
    const [first] = course.rows(page)
    const time = timeOf(page)
    return (time !== null && time > after.time) || hasRow(page, from.first) || (!!first && isAlreadyShown(after, first))
  }

  function timeOf(page: ListPage): number | null {
    const first = course.rows(page).find(isDated)
    return first === undefined ? null : feedTime(first)
  }

  async function begin(): Promise<void> {
    let page = await pages.at(from.offset)
    for (let newer = course.newer(page); newer !== null && !isReached(page); newer = course.newer(page)) {
      if (!pages.canRead(newer)) break
      page = await pages.at(newer)
    }
    add(page)
  }

  async function goOn({ page: before }: VisitedPage): Promise<void> {
    const older = course.older(before)
    if (older === null) return end()
    if (!pages.canRead(older)) return void (state = 'halted')
    const page = await pages.at(older)
    if (course.mayHaveShifted(before, page)) {
      const again = await pages.refetch(before)
      // Whoever goes on begins with it.
      if (again === null) return void (state = 'halted')
      add(again)
    }
    add(page)
  }

  function add(page: ListPage): void {
    const found = course.rows(page)
    const isSorted = ['newest', 'level'].includes(orderOf(found)) || !found.some(isDated)
    const overlaps = found.some((job) => seen.has(keyOf(job)))
    const fresh = found.filter((job) => !seen.has(keyOf(job)))
    const [first] = fresh.filter(isDated)
    // What is newer than it should be may have come meanwhile, where the page has jobs that have been seen.
    if (!isSorted || (first && feedTime(first) > last && !overlaps)) return void (state = 'out of order')
    visited.push({ page, time: timeOf(page) })
    for (const job of fresh) {
      seen.add(keyOf(job))
      if (isDated(job)) addDated(job)
      else if (isWanted(job)) undated.push(job)
    }
    hasUndated ||= undated.length > 0
  }

  /** What came meanwhile among jobs that have been taken is not of this walk. */
  function addDated(job: Job): void {
    if (feedTime(job) > last) return
    last = feedTime(job)
    if (isWanted(job)) rows.push({ job, pageIndex: visited.length - 1 })
  }

  function end(): void {
    state = 'ended'
    if (beganAtTheBeginning()) rows.push(...undated.map((job) => ({ job, pageIndex: visited.length - 1 })))
  }

  const beganAtTheBeginning = () => visited[0] !== undefined && course.newer(visited[0].page) === null

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined)
        await (visited.length === 0 ? begin() : goOn(visited.at(-1)!))
    },
    peek: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    watermark: () => (rows[taken] !== undefined || state === 'ended' ? null : last),
    isOutOfQuota: () => state === 'halted',
    position({ time }) {
      // Nothing that is still wanted lies before it, and it begins with a job by which it can be told that this is still so.
      const reached = rows[taken]?.pageIndex ?? visited.length - 1
      const leg = visited.findLast((leg, at) => at <= reached && (leg.time === null || leg.time >= time)) ?? visited[0]
      if (leg === undefined || (course.order === 'newest' && leg.page.offset === 0)) return null
      const first = firstRowKey(course.rows(leg.page))
      return { order: course.order, offset: leg.page.offset, cap: pages.cap(), firstKey: first, hasUndated }
    },
    isUnsorted: () => state === 'out of order',
    isMissingUndated: () => state === 'ended' && hasUndated && !beganAtTheBeginning(),
  }
}

function keyOf(job: Job): string {
  return encodeJobId(job.address)
}

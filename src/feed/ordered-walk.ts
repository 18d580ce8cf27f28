import { feedTime, isDated, isShown } from './feed-place.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { orderOf } from './list-order.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstMark, hasMark, type ListPosition } from './list-position.js'
import type { ListWalk, WalkAims } from './list-walk.js'

/** Which way the pages of a list lie, seen from its newest job. */
export interface Course {
  readonly order: 'newest' | 'oldest'
  /** The jobs of a page, newest first. */
  rows(page: ListPage): readonly Job[]
  /** A row of the page with newer jobs; null when there is none. */
  newer(page: ListPage): number | null
  /** A row of the page with older jobs; null when there is none. */
  older(page: ListPage): number | null
  /** Whether jobs may have moved from the page read later, `next`, to the one read before it. */
  hasMoved(before: ListPage, next: ListPage): boolean
}

/** New jobs push the others on to later pages; jobs that leave pull them back. */
export const NEWEST_FIRST: Course = {
  order: 'newest',
  rows: ({ jobs }) => jobs,
  newer: ({ offset }) => (offset === 0 ? null : offset - 1),
  older: ({ end, isLast }) => (isLast ? null : end),
  hasMoved: hasShrunk,
}

/** New jobs come at the end and move nothing. Those that enter before it, as by a change of status, push the others on. */
export const OLDEST_FIRST: Course = {
  order: 'oldest',
  rows: ({ jobs }) => jobs.toReversed(),
  newer: ({ end, isLast }) => (isLast ? null : end),
  older: ({ offset }) => (offset === 0 ? null : offset - 1),
  hasMoved: (before, next) => before.total !== null && next.total !== null && next.total > before.total,
}

export interface OrderedWalk extends ListWalk {
  /** Whether the list turned out not to have the order that it was taken to have. */
  isOutOfOrder(): boolean
  /** Whether all has been read but jobs without a date on pages that this walk did not begin with. */
  lacksUndated(): boolean
}

/** A page on the way. */
interface Leg {
  readonly page: ListPage
  /** The time of its newest job; null when none has one. */
  readonly time: number | null
}

interface Row {
  readonly job: Job
  readonly leg: number
}

/**
 * A list that is sorted by time, read from its newest job on, or from where somebody had come to. That is checked:
 * the page must begin with a job newer than the place, or with the one remembered; where jobs have left meanwhile the
 * page before is looked at.
 * @param from where to begin: `first` is null when nobody has been there
 */
export function createOrderedWalk(
  course: Course,
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'undated'> & { readonly first: string | null },
  { place, wants }: WalkAims,
): OrderedWalk {
  const legs: Leg[] = []
  const rows: Row[] = []
  const seen = new Set<string>()
  const undated: Job[] = []
  let hasUndated = from.undated
  let taken = 0
  let last = Infinity
  let state: 'reading' | 'halted' | 'ended' | 'out of order' = 'reading'

  function isReached(page: ListPage): boolean {
    if (place === null || from.first === null) return false
    const [first] = course.rows(page)
    const time = timeOf(page)
    return (time !== null && time > place.time) || hasMark(page, from.first) || (!!first && isShown(place, first))
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

  async function goOn({ page: before }: Leg): Promise<void> {
    const older = course.older(before)
    if (older === null) return end()
    if (!pages.canRead(older)) return void (state = 'halted')
    const page = await pages.at(older)
    if (course.hasMoved(before, page)) {
      const again = await pages.again(before)
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
    legs.push({ page, time: timeOf(page) })
    for (const job of fresh) {
      seen.add(keyOf(job))
      if (isDated(job)) addDated(job)
      else if (wants(job)) undated.push(job)
    }
    hasUndated ||= undated.length > 0
  }

  /** What came meanwhile among jobs that have been taken is not of this walk. */
  function addDated(job: Job): void {
    if (feedTime(job) > last) return
    last = feedTime(job)
    if (wants(job)) rows.push({ job, leg: legs.length - 1 })
  }

  function end(): void {
    state = 'ended'
    if (beganAtTheBeginning()) rows.push(...undated.map((job) => ({ job, leg: legs.length - 1 })))
  }

  const beganAtTheBeginning = () => legs[0] !== undefined && course.newer(legs[0].page) === null

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined) await (legs.length === 0 ? begin() : goOn(legs.at(-1)!))
    },
    head: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    horizon: () => (rows[taken] !== undefined || state === 'ended' ? null : last),
    isHalted: () => state === 'halted',
    position({ time }) {
      // Nothing that is still wanted lies before it, and it begins with a job by which it can be told that this is still so.
      const reached = rows[taken]?.leg ?? legs.length - 1
      const leg = legs.findLast((leg, at) => at <= reached && (leg.time === null || leg.time >= time)) ?? legs[0]
      if (leg === undefined || (course.order === 'newest' && leg.page.offset === 0)) return null
      const first = firstMark(course.rows(leg.page))
      return { order: course.order, offset: leg.page.offset, cap: pages.cap(), first, undated: hasUndated }
    },
    isOutOfOrder: () => state === 'out of order',
    lacksUndated: () => state === 'ended' && hasUndated && !beganAtTheBeginning(),
  }
}

function keyOf(job: Job): string {
  return encodeJobId(job.address)
}

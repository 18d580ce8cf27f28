import { feedTime, isDated } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import type { ListPages } from './list-pages.js'

/** How the rows of a list are sorted by time; `equal` when all of them have the same timestamp. */
export type ListOrder = 'newest' | 'oldest' | 'none' | 'equal'

/** The number of rows that prove an order: fewer may look sorted by chance. */
export const MIN_SAMPLE_ROWS = 20

/** The order of these jobs. Jobs without a creation time are ignored. */
export function orderOf(jobs: readonly Job[]): ListOrder {
  const times = jobs.filter(isDated).map(feedTime)
  const isFalling = times.every((time, index) => index === 0 || time <= times[index - 1]!)
  const isRising = times.every((time, index) => index === 0 || time >= times[index - 1]!)
  if (isFalling && isRising) return times.length === 0 ? 'none' : 'equal'
  return isFalling ? 'newest' : isRising ? 'oldest' : 'none'
}

/**
 * Detects the order of a list from its first page. If all rows have the same timestamp, for example where the vendor
 * gives only the day, it also reads the last page, or the following ones.
 * @returns `none` also for a list that was read to its end: sorting it is enough
 */
export async function detectOrder(pages: ListPages): Promise<Exclude<ListOrder, 'equal'>> {
  let page = await pages.at(0)
  let rows = page.jobs
  const lastRow = page.total === null || page.isLast ? null : page.total - 1
  if (page.end >= MIN_SAMPLE_ROWS && lastRow !== null && orderOf(rows) === 'equal' && pages.canRead(lastRow)) {
    const end = await pages.at(lastRow)
    if (end.jobs.some(isDated)) return assumeNewestFirst(orderOf([...rows, ...end.jobs]))
  }
  while (!page.isLast && pages.canRead(page.end) && (page.end < MIN_SAMPLE_ROWS || orderOf(rows) === 'equal')) {
    page = await pages.at(page.end)
    rows = [...rows, ...page.jobs]
  }
  return page.isLast ? 'none' : assumeNewestFirst(orderOf(rows))
}

/** Most lists are newest first, and the scanner checks the order of later pages. */
function assumeNewestFirst(order: ListOrder): Exclude<ListOrder, 'equal'> {
  return order === 'equal' ? 'newest' : order
}

import { feedTime, isDated } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import type { ListPages } from './list-pages.js'

/** The order that the rows of a list show; `level` when all of them are of one time. */
export type ListOrder = 'newest' | 'oldest' | 'none' | 'level'

/** So many rows tell the order of a list: that fewer look sorted may be chance. */
export const MIN_SAMPLE_ROWS = 20

/** The order of these by their dates. Jobs without one say nothing. */
export function orderOf(jobs: readonly Job[]): ListOrder {
  const times = jobs.filter(isDated).map(feedTime)
  const isFalling = times.every((time, at) => at === 0 || time <= times[at - 1]!)
  const isRising = times.every((time, at) => at === 0 || time >= times[at - 1]!)
  if (isFalling && isRising) return times.length === 0 ? 'none' : 'level'
  return isFalling ? 'newest' : isRising ? 'oldest' : 'none'
}

/**
 * The order of a list, from its first page: one read where the vendor gives enough rows of more than one time. Where
 * all are of one time, as where it gives the day alone, the last page tells, or those that follow.
 * @returns `none`, too, for a list that has been read to its end: it only needs sorting
 */
export async function detectOrder(pages: ListPages): Promise<Exclude<ListOrder, 'level'>> {
  let page = await pages.at(0)
  let rows = page.jobs
  const lastRow = page.total === null || page.isLast ? null : page.total - 1
  if (page.end >= MIN_SAMPLE_ROWS && lastRow !== null && orderOf(rows) === 'level' && pages.canRead(lastRow)) {
    const end = await pages.at(lastRow)
    if (end.jobs.some(isDated)) return assumeNewestFirst(orderOf([...rows, ...end.jobs]))
  }
  while (!page.isLast && pages.canRead(page.end) && (page.end < MIN_SAMPLE_ROWS || orderOf(rows) === 'level')) {
    page = await pages.at(page.end)
    rows = [...rows, ...page.jobs]
  }
  return page.isLast ? 'none' : assumeNewestFirst(orderOf(rows))
}

/** What is level as far as it was looked at is read from its beginning, as most lists are; later pages are checked. */
function assumeNewestFirst(order: ListOrder): Exclude<ListOrder, 'level'> {
  return order === 'level' ? 'newest' : order
}

import { feedTime } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { UNORDERED } from './list-position.js'
import type { ListScanner, ScanOptions } from './list-scanner.js'

/** Of 100 rows each, unless the vendor caps its pages. */
const MAX_PAGES = 10

/**
 * Reads an unsorted list from its start and sorts it in memory. Reads at most {@link MAX_PAGES} pages.
 * @param onCutOff called with the number of rows that were read, and the total or null
 */
export function createFullScanner(
  pages: ListPages,
  { isWanted }: ScanOptions,
  onCutOff: (rows: number, total: number | null) => void,
): ListScanner {
  let rows: readonly Job[] | null = null
  let isOnePage = false
  let taken = 0

  async function readAll(): Promise<void> {
    let page: ListPage | null = null
    let end = 0
    while (!page?.isLast && end < MAX_PAGES * pages.size() && pages.canRead(end)) {
      const next: ListPage = await pages.at(end)
      isOnePage = page === null && next.isLast
      if (page !== null && hasShrunk(page, next) && (await pages.refetch(page)) === null) break
      page = next
      end = page.end
    }
    if (!page?.isLast) onCutOff(end, page?.total ?? null)
  }

  function sorted(): readonly Job[] {
    const jobs = new Map(pages.all().flatMap(({ jobs }) => jobs.map((job) => [encodeJobId(job.address), job] as const)))
    return [...jobs.values()].filter(isWanted).sort((a, b) => feedTime(b) - feedTime(a))
  }

  return {
    async fill() {
      if (rows !== null) return
      // When a page fails, the pages before it are still returned.
      await readAll().finally(() => (rows = sorted()))
    },
    peek: () => rows?.[taken],
    take: () => void taken++,
    rewind: () => void (taken = 0),
    watermark: () => (rows === null ? Infinity : null),
    isOutOfQuota: () => false,
    position: () => (isOnePage ? null : UNORDERED),
  }
}

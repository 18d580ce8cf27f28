import { isDated } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstRowKey, hasRow, type ListPosition } from './list-position.js'
import type { ListScanner, ScanOptions } from './list-scanner.js'

/** Scans a list a second time, for its jobs without a creation time. The feed returns them last. */
export function createUndatedScanner(
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'firstKey'>,
  { isWanted }: ScanOptions,
): ListScanner {
  const visitedPages: ListPage[] = []
  const rows: { readonly job: Job; readonly pageIndex: number }[] = []
  const seen = new Set<string>()
  let taken = 0
  let state: 'reading' | 'out-of-quota' | 'ended' = 'reading'

  async function open(): Promise<void> {
    if (!pages.canRead(from.offset)) return void (state = 'out-of-quota')
    let page = await pages.at(from.offset)
    while (page.offset > 0 && !hasRow(page, from.firstKey) && pages.canRead(page.offset - 1)) {
      page = await pages.at(page.offset - 1)
    }
    add(page)
  }

  async function nextPage(before: ListPage): Promise<void> {
    if (before.isLast) return void (state = 'ended')
    if (!pages.canRead(before.end)) return void (state = 'out-of-quota')
    const page = await pages.at(before.end)
    if (hasShrunk(before, page)) {
      const refetched = await pages.refetch(before)
      if (refetched === null) return void (state = 'out-of-quota')
      add(refetched)
    }
    add(page)
  }

  function add(page: ListPage): void {
    visitedPages.push(page)
    for (const job of page.jobs) {
      const id = encodeJobId(job.address)
      if (!isDated(job) && isWanted(job) && !seen.has(id)) rows.push({ job, pageIndex: visitedPages.length - 1 })
      seen.add(id)
    }
  }

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined)
        await (visitedPages.length === 0 ? open() : nextPage(visitedPages.at(-1)!))
    },
    peek: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    watermark: () => (rows[taken] !== undefined || state === 'ended' ? null : 0),
    isOutOfQuota: () => state === 'out-of-quota',
    position() {
      const page = visitedPages[rows[taken]?.pageIndex ?? visitedPages.length - 1]
      const [offset, firstKey] =
        page === undefined ? [from.offset, from.firstKey] : [page.offset, firstRowKey(page.jobs)]
      return { order: 'undated', offset, cap: pages.cap(), firstKey, hasUndated: true }
    },
  }
}

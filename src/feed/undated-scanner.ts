import { isDated } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstRowKey, hasRow, type ListPosition } from './list-position.js'
import type { ListScanner, ScanOptions } from './list-scanner.js'

/**
 * The jobs of a list that do not say when they were created: they come last, so that whoever has come to the end of a
 * long list looks at it a second time, for them.
 */
export function createUndatedScanner(
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'first'>,
  { isWanted }: ScanOptions,
): ListScanner {
  const visited: ListPage[] = []
  const rows: { readonly job: Job; readonly pageIndex: number }[] = []
  const seen = new Set<string>()
  let taken = 0
  let state: 'reading' | 'halted' | 'ended' = 'reading'

  async function begin(): Promise<void> {
    if (!pages.canRead(from.offset)) return void (state = 'halted')
    let page = await pages.at(from.offset)
    while (page.offset > 0 && !hasRow(page, from.firstKey) && pages.canRead(page.offset - 1)) {
      page = await pages.at(page.offset - 1)
    }
    add(page)
  }

  async function goOn(before: ListPage): Promise<void> {
    if (before.isLast) return void (state = 'ended')
    if (!pages.canRead(before.end)) return void (state = 'halted')
    const page = await pages.at(before.end)
    if (hasShrunk(before, page)) {
      const again = await pages.refetch(before)
      if (again === null) return void (state = 'halted')
      add(again)
    }
    add(page)
  }

  function add(page: ListPage): void {
    visited.push(page)
    for (const job of page.jobs) {
      const key = encodeJobId(job.address)
      if (!isDated(job) && isWanted(job) && !seen.has(key)) rows.push({ job, pageIndex: visited.length - 1 })
      seen.add(key)
    }
  }

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined)
        await (visited.length === 0 ? begin() : goOn(visited.at(-1)!))
    },
    peek: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    watermark: () => (rows[taken] !== undefined || state === 'ended' ? null : 0),
    isOutOfQuota: () => state === 'halted',
    position() {
      const page = visited[rows[taken]?.pageIndex ?? visited.length - 1]
      const [offset, first] = page === undefined ? [from.offset, from.firstKey] : [page.offset, firstRowKey(page.jobs)]
      return { order: 'undated', offset, cap: pages.cap(), firstKey: first, hasUndated: true }
    },
  }
}

import { isDated } from './feed-place.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { hasShrunk, type ListPage, type ListPages } from './list-pages.js'
import { firstMark, hasMark, type ListPosition } from './list-position.js'
import type { ListWalk, WalkAims } from './list-walk.js'

/**
 * The jobs of a list that do not say when they were created: they come last, so that whoever has come to the end of a
 * long list looks at it a second time, for them.
 */
export function createUndatedWalk(
  pages: ListPages,
  from: Pick<ListPosition, 'offset' | 'first'>,
  { wants }: WalkAims,
): ListWalk {
  const legs: ListPage[] = []
  const rows: { readonly job: Job; readonly leg: number }[] = []
  const seen = new Set<string>()
  let taken = 0
  let state: 'reading' | 'halted' | 'ended' = 'reading'

  async function begin(): Promise<void> {
    if (!pages.canRead(from.offset)) return void (state = 'halted')
    let page = await pages.at(from.offset)
    while (page.offset > 0 && !hasMark(page, from.first) && pages.canRead(page.offset - 1)) {
      page = await pages.at(page.offset - 1)
    }
    add(page)
  }

  async function goOn(before: ListPage): Promise<void> {
    if (before.isLast) return void (state = 'ended')
    if (!pages.canRead(before.end)) return void (state = 'halted')
    const page = await pages.at(before.end)
    if (hasShrunk(before, page)) {
      const again = await pages.again(before)
      if (again === null) return void (state = 'halted')
      add(again)
    }
    add(page)
  }

  function add(page: ListPage): void {
    legs.push(page)
    for (const job of page.jobs) {
      const key = encodeJobId(job.address)
      if (!isDated(job) && wants(job) && !seen.has(key)) rows.push({ job, leg: legs.length - 1 })
      seen.add(key)
    }
  }

  return {
    async fill() {
      while (state === 'reading' && rows[taken] === undefined) await (legs.length === 0 ? begin() : goOn(legs.at(-1)!))
    },
    head: () => rows[taken]?.job,
    take: () => void taken++,
    rewind: () => void (taken = 0),
    horizon: () => (rows[taken] !== undefined || state === 'ended' ? null : 0),
    isHalted: () => state === 'halted',
    position() {
      const page = legs[rows[taken]?.leg ?? legs.length - 1]
      const [offset, first] = page === undefined ? [from.offset, from.first] : [page.offset, firstMark(page.jobs)]
      return { order: 'undated', offset, cap: pages.cap(), first, undated: true }
    },
  }
}

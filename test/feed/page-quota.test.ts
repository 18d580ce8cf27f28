import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJobFeed } from '../../src/feed/feed.js'
import { createPageQuotas, maxPageReads } from '../../src/feed/page-quota.js'
import { jobsOf, listOf, sessionsOf, readAllPages, type JobList, type ListBehavior } from '../support/job-lists.js'
import { runCount } from '../support/run-count.js'

describe('the page quota of a query', () => {
  it('adds up to maxPageReads in any order of reads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(), { maxLength: 2000, size: 'max' }),
        (count, turns) => {
          const newQuota = createPageQuotas()
          const lists = Array.from({ length: count }, () => ({ quota: newQuota(), reads: 0 }))
          const read = (list: (typeof lists)[number]) => {
            if (list.quota.isExhausted()) return
            list.quota.consume()
            list.reads++
          }
          turns.forEach((turn) => read(lists[turn % count]!))
          for (let round = 0; round < 12; round++) lists.forEach(read)
          expect(lists.reduce((sum, { reads }) => sum + reads, 0)).toBe(maxPageReads(count))
          for (const { reads } of lists) expect(reads).toBeGreaterThanOrEqual(3)
        },
      ),
    )
  })

  it.each([
    [0, 0],
    [1, 11],
    [12, 132],
    [13, 139],
    [201, 703],
  ])('is, for %i lists, %i pages', (lists, reads) => expect(maxPageReads(lists)).toBe(reads))
})

/** Lists with very few wanted jobs, none of them on a first page. */
function sparseLists(count: number, jobsEach: number, behavior: (number: number) => Partial<ListBehavior>): JobList[] {
  return Array.from({ length: count }, (_, number) => {
    const jobs = jobsOf(jobsEach, (n) => n * 1000 + number).map((job, at) => ({
      ...job,
      id: `l${number}_${job.id}`,
      status: (at * 7 + number) % 331 === 0 ? ('FAILED' as const) : ('RUNNING' as const),
    }))
    return listOf(`l${number}`, jobs, behavior(number))
  })
}

const wantedOf = (lists: readonly JobList[]) =>
  lists.flatMap(({ jobs }) => jobs.filter(({ status }) => status === 'FAILED').map(({ id }) => id)).sort()
const readsOf = (lists: readonly JobList[]) => lists.reduce((sum, { reads }) => sum + reads.length, 0)

describe('many lists with few wanted jobs', () => {
  it('stay within maxPageReads, and are still paged through to their ends', async () => {
    const lists = sparseLists(30, 1500, (number) => ({ order: number % 2 === 0 ? 'newest' : 'oldest' }))
    const first = await readJobFeed(sessionsOf(lists), { size: 100, after: null, statuses: ['FAILED'] })
    expect(first.hasMore).toBe(true)
    expect(readsOf(lists)).toBe(maxPageReads(30))
    let before = readsOf(lists)
    const { ids, times, pages } = await readAllPages(lists, 20, {
      statuses: ['FAILED'],
      between() {
        expect(readsOf(lists) - before).toBeLessThanOrEqual(maxPageReads(30))
        before = readsOf(lists)
      },
    })
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(ids.toSorted()).toEqual(wantedOf(lists))
    expect(pages.flatMap(({ warnings }) => warnings)).toEqual([])
  })

  it('are paged through although each returns a few rows at a time', async () => {
    const lists = sparseLists(30, 400, (number) => ({
      order: number % 2 === 0 ? 'newest' : 'oldest',
      cap: 4 + (number % 5),
    }))
    const { ids, times, pages } = await readAllPages(lists, 20, { statuses: ['FAILED'] })
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    const codes = new Set(pages.flatMap(({ warnings }) => warnings.map(({ code, source }) => `${code} ${source}`)))
    const missing = wantedOf(lists).filter((id) => !ids.includes(id))
    for (const id of missing) expect(codes).toContain(`LIST_TRUNCATED ${id.split('_')[0]}`)
  })

  it('lose no undated job when the quota covers each page once or less', async () => {
    const lists = sparseLists(25, 600, () => ({}))
    for (const { jobs } of lists) jobs.splice(300, 1, { ...jobs[300]!, time: null, status: 'FAILED' })
    const { ids } = await readAllPages(lists, 50, { statuses: ['FAILED'] })
    expect(ids.toSorted()).toEqual(wantedOf(lists))
  })

  it('are read less far when they are unsorted, with a warning for each', async () => {
    const lists = sparseLists(40, 2000, () => ({ order: 'none' }))
    const { warnings, hasMore } = await readJobFeed(sessionsOf(lists), { size: 100, after: null, statuses: ['FAILED'] })
    expect(readsOf(lists)).toBe(maxPageReads(40))
    expect(warnings.map(({ code }) => code)).toEqual(lists.map(() => 'LIST_TRUNCATED'))
    expect(warnings.at(-1)!.message).toMatch(/only its first [2-9]00 of 2000 jobs/)
    expect(hasMore).toBe(false)
  })
})

describe('any lists of a query', () => {
  it('stay within maxPageReads when they change meanwhile and cap their pages', async () => {
    const behaviorArb = fc.record({
      order: fc.constantFrom('newest' as const, 'oldest' as const, 'none' as const),
      hasTotal: fc.boolean(),
      cap: fc.constantFrom(3, 9, 40, Infinity),
      spread: fc.constantFrom(1, 5, 10_000),
      loses: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(behaviorArb, { minLength: 1, maxLength: 24, size: 'max' }), async (given) => {
        const lists = given.map((behavior, number) => {
          const jobs = jobsOf(120, (n) => 1 + (n % behavior.spread)).map((job) => ({
            ...job,
            id: `l${number}_${job.id}`,
          }))
          const list = listOf(`l${number}`, jobs, behavior)
          if (behavior.loses) list.onRead = () => void jobs.pop()
          return list
        })
        let [after, pages, before] = [null, 0, 0] as [Parameters<typeof readJobFeed>[1]['after'], number, number]
        do {
          const page = await readJobFeed(sessionsOf(lists), { size: 20, after, statuses: ['FAILED'] })
          expect(readsOf(lists) - before).toBeLessThanOrEqual(maxPageReads(lists.length))
          before = readsOf(lists)
          after = page.hasMore ? page.end : null
        } while (after !== null && ++pages < 500)
        expect(after).toBeNull()
      }),
      { numRuns: runCount(40, 8) },
    )
  }, 60_000)
})

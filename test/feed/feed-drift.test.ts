import { describe, expect, it } from 'vitest'
import { readJobFeed, type FeedCursor } from '../../src/feed/feed.js'
import { jobsOf, listOf, sessionsOf, readAllPages, type JobList, type ListedJob } from '../support/job-lists.js'

const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => `j${from - at}`)
const offsets = ({ reads }: JobList) => reads.map(({ offset, size }) => `${offset}+${size}`)

async function page(lists: readonly JobList[], size: number, after: FeedCursor | null) {
  lists.forEach(({ reads }) => (reads.length = 0))
  const feed = await readJobFeed(sessionsOf(lists), { size, after })
  return { ...feed, ids: feed.entries.map(({ job }) => job.vendorId) }
}

async function skip(lists: readonly JobList[], size: number, pages: number): Promise<FeedCursor> {
  let after: FeedCursor | null = null
  for (let index = 0; index < pages; index++) after = (await page(lists, size, after)).end
  return after!
}

function remove({ jobs }: JobList, gone: readonly string[]): void {
  for (const id of gone) {
    jobs.splice(
      jobs.findIndex((job) => job.id === id),
      1,
    )
  }
}

const sparse = { size: 100, after: null, statuses: ['FAILED' as const] }

describe('between two pages', () => {
  it('re-reads only the page before when earlier jobs were removed', async () => {
    const list = listOf('a', jobsOf(2000))
    const end = await skip([list], 98, 15)
    remove(list, ids(1900, 50))
    const next = await page([list], 20, end)
    expect(next.ids).toEqual(ids(2000 - 15 * 98, 20))
    expect(offsets(list)).toEqual(['1400+100'])
    remove(list, ids(1800, 30))
    const then = await page([list], 20, next.end)
    expect(then.ids).toEqual(ids(2000 - 15 * 98 - 20, 20))
    expect(offsets(list)).toEqual(['1400+100'])
    remove(list, ids(1700, 40))
    expect((await page([list], 20, then.end)).ids).toEqual(ids(2000 - 15 * 98 - 40, 20))
    expect(offsets(list)).toEqual(['1400+100', '1300+100'])
  })

  it('follows jobs that new jobs pushed to later pages', async () => {
    const list = listOf('a', jobsOf(1000))
    const end = await skip([list], 98, 5)
    list.jobs.push(...jobsOf(250, (n) => 5_000_000 + n).map((job) => ({ ...job, id: `new_${job.id}` })))
    expect((await page([list], 20, end)).ids).toEqual(ids(1000 - 5 * 98, 20))
    expect(offsets(list)).toEqual(['400+100', '500+100', '600+100', '700+100'])
  })

  it('finds jobs that an insertion pushed to a page already left: oldest first', async () => {
    const list = listOf('a', jobsOf(1000), { order: 'oldest' })
    const end = await skip([list], 95, 4)
    expect(end.keyset.time).toBe(621_000)
    list.jobs.push(...jobsOf(50, (n) => 300_000 + n).map((job) => ({ ...job, id: `entered_${job.id}` })))
    const next = await page([list], 20, end)
    expect(next.ids).toEqual(ids(620, 20))
    expect(offsets(list)).toEqual(['600+100'])
    list.jobs.push(...jobsOf(40, (n) => 200_000 + n).map((job) => ({ ...job, id: `entered2_${job.id}` })))
    expect((await page([list], 20, next.end)).ids).toEqual(ids(600, 20))
    expect(offsets(list)).toEqual(['600+100'])
    list.jobs.push(...jobsOf(30, (n) => 100_000 + n).map((job) => ({ ...job, id: `entered3_${job.id}` })))
    expect((await page([list], 20, next.end)).ids).toEqual(ids(600, 20))
    expect(offsets(list)).toEqual(['600+100', '700+100'])
  })

  describe('with jobs of one timestamp', () => {
    const tied = () =>
      listOf(
        'a',
        jobsOf(900, () => 1000),
      )

    it('finds jobs that moved to the page before', async () => {
      const list = tied()
      const end = await skip([list], 150, 1)
      const order = list.rows().map(({ id }) => id)
      remove(list, order.slice(0, 60))
      expect((await page([list], 100, end)).ids).toEqual(order.slice(150, 250))
    })

    it('reads no second page for a removed job when a shown job took its place', async () => {
      const list = tied()
      const end = await skip([list], 110, 5)
      const order = list.rows().map(({ id }) => id)
      remove(list, [order[500]!])
      expect((await page([list], 30, end)).ids).toEqual(order.slice(550, 580))
      expect(offsets(list)).toEqual(['500+100'])
    })
  })

  it('finds a job that changes to a list that was already read past it', async () => {
    const jobs: ListedJob[] = jobsOf(60, (n) => n * 100).map((job) => ({ ...job }))
    jobs.push(...jobsOf(20, (n) => 10_000 + n).map((job) => ({ ...job, id: `f${job.id}`, status: 'FAILED' as const })))
    jobs.push(...jobsOf(20, (n) => n).map((job) => ({ ...job, id: `old${job.id}`, status: 'FAILED' as const })))
    const running = listOf('a', jobs, { cap: 20 }, 'RUNNING')
    const failed = listOf('b', jobs, { cap: 20 }, 'FAILED')
    const first = await page([running, failed], 30, null)
    expect(offsets(failed)).toEqual(['0+20', '20+20'])
    remove(running, ['fj7'])
    jobs.find(({ id }) => id === 'j30')!.status = 'FAILED'
    const rest = await page([running, failed], 100, first.end)
    expect(rest.ids).toEqual([...ids(50, 50), ...ids(20, 20).map((id) => `old${id}`)])
  })

  it('finds a job that changes to a list that is already at its undated jobs', async () => {
    const failedJob = (job: ListedJob): ListedJob => ({ ...job, id: `f${job.id}`, status: 'FAILED' })
    const jobs = [...jobsOf(300), ...jobsOf(150, (n) => (n === 140 ? null : 1_000_000 + n * 1000)).map(failedJob)]
    const lists = [listOf('a', jobs, {}, 'RUNNING'), listOf('b', jobs, {}, 'FAILED')]
    let { end } = await page(lists, 100, null)
    for (let index = 0; index < 2; index++) ({ end } = await page(lists, 60, end))
    jobs[0]!.status = 'FAILED'
    const found: string[] = []
    for (let hasMore = true; hasMore;) {
      const next = await page(lists, 100, end)
      found.push(...next.ids)
      ;({ end, hasMore } = next)
    }
    expect(found).toContain('j1')
    expect(found.at(-1)).toBe('fj140')
  })
})

describe('during one query', () => {
  function halfFailed(): JobList {
    const list = listOf('a', jobsOf(600))
    list.jobs.forEach((job, at) => (job.status = at % 2 === 0 ? 'FAILED' : 'RUNNING'))
    return list
  }

  it('removals and an insertion cost one more read, and the list still counts as sorted', async () => {
    const list = halfFailed()
    list.onRead = (reads) => {
      if (reads !== 1) return
      remove(list, ids(560, 3))
      list.jobs.push({ id: 'new', time: 900_000, status: 'FAILED' })
    }
    const { entries, warnings } = await readJobFeed(sessionsOf([list]), sparse)
    expect(entries.map(({ job }) => job.vendorId)).toEqual(ids(599, 199).filter((_, at) => at % 2 === 0))
    expect(offsets(list)).toEqual(['0+100', '100+100', '0+100', '200+100'].slice(0, list.reads.length))
    expect(list.reads.length).toBeGreaterThanOrEqual(3)
    expect(warnings).toEqual([])
  })

  it('an insertion among rows already read keeps the list sorted and is not returned out of order', async () => {
    const list = halfFailed()
    list.onRead = (reads) => {
      if (reads !== 1) return
      list.jobs.push(...jobsOf(50, (n) => 5_000_000 + n).map((job) => ({ ...job, id: `new_${job.id}` })))
      list.jobs.push({ id: 'entered', time: 540_500, status: 'FAILED' })
    }
    const { entries } = await readJobFeed(sessionsOf([list]), sparse)
    const times = entries.map(({ job }) => job.createdAt!.getTime())
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(entries.map(({ job }) => job.vendorId)).toEqual(ids(599, 199).filter((_, at) => at % 2 === 0))
    expect(offsets(list)).toEqual(['0+100', '100+100', '200+100'])
  })

  it('an insertion in the middle pushes a job to the page just read: oldest first', async () => {
    const list = listOf('a', jobsOf(1000), { order: 'oldest' })
    list.jobs.forEach((job, at) => (job.status = at % 2 === 1 ? 'FAILED' : 'RUNNING'))
    list.onRead = (reads) => {
      if (reads === 2) list.jobs.push({ id: 'entered', time: 100_500, status: 'RUNNING' })
    }
    const { entries } = await readJobFeed(sessionsOf([list]), sparse)
    expect(entries.map(({ job }) => job.vendorId)).toEqual(ids(1000, 199).filter((_, at) => at % 2 === 0))
  })

  it('removals from an unsorted list cost one more read, and no job is missed', async () => {
    const list = listOf('a', jobsOf(450), { order: 'none' })
    const gone = list
      .rows()
      .slice(0, 5)
      .map(({ id }) => id)
    list.onRead = (reads) => {
      if (reads === 2) remove(list, gone)
    }
    const { ids: found } = await readAllPages([list], 100)
    expect(list.rows().filter(({ id }) => !found.includes(id))).toEqual([])
  })
})

describe('the order of a list', () => {
  it('is not detected from few rows when the vendor caps its pages', async () => {
    const list = listOf(
      'a',
      jobsOf(60).map((job, at) => (at === 52 ? { ...job, time: 999_999, listedAs: 53_000 } : job)),
      { cap: 5 },
    )
    expect((await page([list], 3, null)).ids).toEqual(['j53', 'j60', 'j59'])
  })

  it('is not detected from a last page without dates', async () => {
    const time = (n: number) => (n <= 50 ? 1000 : n <= 100 ? 2000 : null)
    const jobs = jobsOf(150, time).map((job) => (job.time === null ? { ...job, listedAs: 9000 } : job))
    const { ids: found } = await readAllPages([listOf('a', jobs, { order: 'oldest', cap: 40 })], 30)
    expect(new Set(found).size).toBe(150)
  })

  it('causes a warning when the second page contradicts it: the first may miss jobs', async () => {
    const list = listOf(
      'a',
      jobsOf(400).map((job, at) => (at === 349 ? { ...job, time: 999_999, listedAs: 350_000 } : job)),
    )
    const { ids: found, pages } = await readAllPages([list], 20)
    expect(found).toEqual(ids(400, 400).filter((id) => id !== 'j350'))
    expect(pages.map(({ warnings }) => warnings.map(({ code }) => code)).slice(0, 3)).toEqual([
      [],
      ['LIST_OUT_OF_ORDER'],
      [],
    ])
  })

  it('does not affect the other lists when one contradicts it', async () => {
    const broken = listOf(
      'a',
      jobsOf(300).map((job, at) => (at === 149 ? { ...job, time: 999_999, listedAs: 150_000 } : job)),
    )
    broken.jobs.forEach((job, at) => (job.status = at % 2 === 1 ? 'FAILED' : 'RUNNING'))
    const intact = listOf(
      'b',
      jobsOf(300, (n) => n * 1000 + 1).map((job) => ({ ...job, id: `b${job.id}`, status: 'FAILED' })),
    )
    const { entries } = await readJobFeed(sessionsOf([broken, intact]), { ...sparse, size: 500 })
    expect(entries).toHaveLength(450)
    const times = entries.map(({ job }) => job.createdAt!.getTime())
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })
})

describe('jobs without a date, in a long list', () => {
  /** One in `every` of 1600 jobs. */
  const undated = (every: number) =>
    listOf(
      'a',
      jobsOf(1600, (n) => (n % every === 0 ? null : n * 40)),
    )

  it('are found after they moved to an earlier page', async () => {
    const list = undated(10)
    const all = list.jobs.filter(({ time }) => time === null).map(({ id }) => id)
    const { ids: found } = await readAllPages([list], 17, {
      between(index) {
        // Long after the dated jobs were shown.
        if (index > 85) list.jobs.splice(-40, 40).forEach((job) => job.time === null && list.jobs.push(job))
      },
    })
    expect(found.slice(-160).toSorted()).toEqual(all.toSorted())
  })

  it('are found when they move to an earlier page during a query', async () => {
    const list = undated(100)
    const all = list.jobs.filter(({ time }) => time === null).map(({ id }) => id)
    const { ids: found } = await readAllPages([list], 100, {
      between(index) {
        if (index !== 15) return
        const before = list.reads.length
        list.onRead = (reads) => {
          if (reads === before + 4) remove(list, ids(1599, 99))
        }
      },
    })
    expect(found.slice(-16).toSorted()).toEqual(all.toSorted())
  })
})

it('a merge that restarts computes the cursor from the jobs it finally returns', async () => {
  const broken = listOf(
    'a',
    [
      ...jobsOf(100, (n) => (n > 50 ? 4900 + n : 4899 + n)),
      ...jobsOf(200, (n) => 9000 + n).map((job) => ({ ...job, id: `late_${job.id}`, listedAs: job.time! - 9000 })),
    ],
    { cap: 50 },
  )
  const tied = listOf(
    'b',
    [...jobsOf(60, () => 4950), ...jobsOf(60)].map((job, at) => ({ ...job, id: `b${at}`, time: at < 60 ? 4950 : at })),
    { cap: 50 },
  )
  const first = await page([broken, tied], 290, null)
  expect(first.ids.filter((id) => id.startsWith('late_'))).toHaveLength(200)
  const second = await page([broken, tied], 290, first.end)
  expect([...first.ids, ...second.ids].toSorted()).toEqual([...broken.jobs, ...tied.jobs].map(({ id }) => id).sort())
})

import { describe, expect, it } from 'vitest'
import { VendorError } from '../../src/job/errors.js'
import { readJobFeed, type FeedCursor } from '../../src/feed/feed.js'
import { jobsOf, listOf, sessionsOf, readAllPages, type JobList, type ListedJob } from '../support/job-lists.js'

describe('paging through all jobs', () => {
  const ORDERS = ['newest', 'oldest', 'none'] as const
  const matrix = ORDERS.flatMap((order) =>
    [true, false].flatMap((hasTotal) =>
      // Without a total, a capped page looks like the last one.
      (hasTotal ? [7, 33, 100, Infinity] : [Infinity]).flatMap((cap) =>
        [9, 20, 64, 100].map((size) => ({ order, hasTotal, cap, size })),
      ),
    ),
  )

  it.each(matrix.filter(({ order, cap }) => order !== 'none' || cap > 25))(
    'returns each job once, newest first: %j',
    async (behavior) => {
      const lists = [
        listOf('a', jobsOf(241), behavior),
        listOf('b', jobsOf(130, (n) => n * 1700 + 1).map(renamed), behavior),
      ]
      const { ids, times, pages } = await readAllPages(lists, behavior.size)
      expect(times).toEqual(times.toSorted((x, y) => y - x))
      expect(ids.toSorted()).toEqual(lists.flatMap(({ jobs }) => jobs.map(({ id }) => id)).sort())
      expect(pages.flatMap(({ warnings }) => warnings)).toEqual([])
    },
  )
})

const renamed = (job: ListedJob): ListedJob => ({ ...job, id: `b${job.id}` })

const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => `j${from - at}`)
const offsets = ({ reads }: JobList) => reads.map(({ offset, size }) => `${offset}+${size}`)

async function pageAfter(list: JobList, size: number, after: FeedCursor | null) {
  list.reads.length = 0
  const page = await readJobFeed(sessionsOf([list]), { size, after })
  return { ...page, ids: page.entries.map(({ job }) => job.vendorId) }
}

async function skip(list: JobList, size: number, pages: number): Promise<FeedCursor> {
  let after: FeedCursor | null = null
  for (let page = 0; page < pages; page++) after = (await pageAfter(list, size, after)).end
  return after!
}

describe('the pages that are read', () => {
  it.each([
    ['newest', ['0+20']],
    ['oldest', ['0+20', '4900+100']],
    ['none', ['0+20', ...Array.from({ length: 10 }, (_, page) => `${page * 100}+100`)]],
  ] as const)('are few for the first jobs, order: %s', async (order, expected) => {
    const list = listOf('a', jobsOf(5000), { order })
    await pageAfter(list, 5, null)
    expect(offsets(list)).toEqual(expected)
  })

  it.each([
    ['newest', ['2900+100']],
    ['oldest', ['2000+100']],
  ] as const)('are one page at a depth of thirty pages, order: %s', async (order, expected) => {
    const list = listOf('a', jobsOf(5000), { order })
    // Another page size, so that the feed page ends inside a list page.
    const { end } = await pageAfter(list, 50, await skip(list, 98, 30))
    expect(end?.keyset.time).toBe(2_011_000)
    const { ids: found } = await pageAfter(list, 10, end)
    expect(found).toEqual(ids(2010, 10))
    expect(offsets(list)).toEqual(expected)
  })

  it('are at most two per feed page, down to the end', async () => {
    for (const order of ['newest', 'oldest'] as const) {
      const list = listOf('a', jobsOf(1000), { order })
      let after: FeedCursor | null = null
      for (let page = 0; page < 10; page++) {
        const next = await pageAfter(list, 100, after)
        expect(next.ids).toEqual(ids(1000 - page * 100, 100))
        expect(list.reads.length).toBeLessThanOrEqual(2)
        after = next.end
      }
    }
  })

  it('are none while the jobs of other lists come first', async () => {
    const [busy, quiet] = [
      listOf(
        'a',
        jobsOf(500, (n) => n * 1000 + 1_000_000),
      ),
      listOf('b', jobsOf(500).map(renamed)),
    ]
    const first = await readJobFeed(sessionsOf([busy, quiet]), { size: 100, after: null })
    expect(quiet.reads).toHaveLength(1)
    await readJobFeed(sessionsOf([busy, quiet]), { size: 100, after: first.end })
    expect(quiet.reads).toHaveLength(2)
  })

  it('cover the same rows after a page size cap was found', async () => {
    const list = listOf('a', jobsOf(900), { cap: 30 })
    const after = await skip(list, 25, 30)
    const page = await pageAfter(list, 25, after)
    expect(page.ids).toEqual(ids(150, 25))
    expect(offsets(list)).toEqual(['720+30', '750+30'])
  })

  it('are never more than eleven', async () => {
    const list = listOf('a', jobsOf(5000))
    list.jobs.forEach((job, at) => (job.status = at < 3 ? 'FAILED' : 'RUNNING'))
    const found: string[] = []
    let after: FeedCursor | null = null
    let queries = 0
    do {
      list.reads.length = 0
      const page = await readJobFeed(sessionsOf([list]), { size: 20, after, statuses: ['FAILED'] })
      expect(list.reads.length).toBeLessThanOrEqual(11)
      found.push(...page.entries.map(({ job }) => job.vendorId))
      after = page.hasMore ? page.end : null
      queries++
    } while (after !== null)
    expect(found).toEqual(ids(3, 3))
    expect(queries).toBe(5)
  })
})

describe('a list that is out of quota', () => {
  it('is not overtaken by others, and continues with the next page', async () => {
    const sparse = listOf('a', jobsOf(3600))
    sparse.jobs.forEach((job, at) => (job.status = at % 1200 === 0 ? 'FAILED' : 'RUNNING'))
    const other = listOf(
      'b',
      jobsOf(300, (n) => n * 10_000 + 1).map((job) => ({ ...renamed(job), status: 'FAILED' })),
    )
    const all = await readAllPages([sparse, other], 100, { statuses: ['FAILED'] })
    expect(all.times).toEqual(all.times.toSorted((a, b) => b - a))
    expect(all.ids.filter((id) => id.startsWith('j'))).toEqual(['j2401', 'j1201', 'j1'])
    expect(all.ids).toHaveLength(303)
    expect(all.pages.some(({ entries, hasMore }) => entries.length < 100 && hasMore)).toBe(true)
  })

  it('continues even if all of its jobs share a timestamp', async () => {
    const list = listOf(
      'a',
      jobsOf(4000, () => 1000),
    )
    list.jobs.forEach((job, at) => (job.status = at % 1999 === 0 ? 'FAILED' : 'RUNNING'))
    const all = await readAllPages([list], 20, { statuses: ['FAILED'] })
    expect(all.ids).toHaveLength(3)
  })
})

describe('jobs of one timestamp', () => {
  const byDay = (n: number) => Math.ceil(n / 300) * 86_400_000

  it.each(['newest', 'oldest', 'none'] as const)(
    'are each returned once, hundreds per day, order: %s',
    async (order) => {
      for (const hasTotal of [true, false]) {
        const list = listOf('a', jobsOf(900, byDay), { order, hasTotal })
        const { ids: found, times } = await readAllPages([list], 70)
        expect(found.toSorted()).toEqual(list.jobs.map(({ id }) => id).sort())
        expect(times).toEqual(times.toSorted((a, b) => b - a))
      }
    },
  )

  it('are skipped with a warning beyond what a cursor can hold', async () => {
    const list = listOf('a', [
      ...jobsOf(5200, () => 5000),
      ...jobsOf(3).map((job) => ({ ...job, id: `old_${job.id}` })),
    ])
    const { ids: found, pages } = await readAllPages([list], 100)
    expect(found).toHaveLength(5003)
    expect(found.slice(-3)).toEqual(['old_j3', 'old_j2', 'old_j1'])
    expect(pages.flatMap(({ warnings }) => warnings)).toMatchObject([
      { vendor: 'KODEXA', code: 'SAME_TIMESTAMP_TRUNCATED' },
    ])
  })
})

describe('jobs without a date', () => {
  it.each(['newest', 'oldest'] as const)('come last, wherever they are in a long list, order: %s', async (order) => {
    const timeOf = (n: number) => (n % 100 === 50 ? null : n * 40)
    const lists = [listOf('a', jobsOf(1600, timeOf), { order }), listOf('b', jobsOf(100).map(renamed))]
    const { ids: found, times } = await readAllPages(lists, 90)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(new Set(found).size).toBe(1700)
    expect(times.filter((time) => time === 0)).toHaveLength(16)
  })

  it('are returned from a list without any dated job', async () => {
    const { ids: found } = await readAllPages(
      [
        listOf(
          'a',
          jobsOf(250, () => null),
        ),
      ],
      60,
    )
    expect(new Set(found).size).toBe(250)
  })
})

describe('an unsorted list', () => {
  it('is cut off with a warning when it is long', async () => {
    const list = listOf('a', jobsOf(3000), { order: 'none' })
    const { ids: found, pages } = await readAllPages([list], 100)
    expect(found).toEqual(
      list
        .rows()
        .slice(0, 1000)
        .map(({ id }) => id)
        .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1))),
    )
    for (const { warnings } of pages) expect(warnings).toMatchObject([{ code: 'LIST_TRUNCATED', source: 'a' }])
    expect(pages[0]!.warnings[0]!.message).toContain('first 1000 of 3000 jobs')
  })

  it('is also cut off when it is oldest first without a total', async () => {
    const { pages } = await readAllPages([listOf('a', jobsOf(1500), { order: 'oldest', hasTotal: false })], 100)
    expect(pages[0]!.warnings).toMatchObject([{ code: 'LIST_TRUNCATED' }])
    const short = await readAllPages([listOf('a', jobsOf(700), { order: 'oldest', hasTotal: false })], 100)
    expect(short.ids).toEqual(ids(700, 700))
    expect(short.pages[0]!.warnings).toEqual([])
  })

  /** Sorted newest first, except that the newest job is at row 150. */
  const almostSorted = () =>
    listOf(
      'a',
      jobsOf(400).map((job, at) => (at === 249 ? { ...job, time: 999_999, listedAs: 250_000 } : job)),
    )

  it('may look ordered for long: when it shows, the merge begins again with what was read', async () => {
    const list = almostSorted()
    list.jobs.forEach((job, at) => (job.status = at % 2 === 1 ? 'FAILED' : 'RUNNING'))
    const page = await readJobFeed(sessionsOf([list]), { size: 100, after: null, statuses: ['FAILED'] })
    const even = ids(400, 400).filter((_, at) => at % 2 === 0 && at !== 150)
    expect(page.entries.map(({ job }) => job.vendorId)).toEqual(['j250', ...even].slice(0, 100))
    expect(offsets(list)).toEqual(['0+100', '100+100', '200+100', '300+100'])
    expect(page.warnings).toEqual([])
  })

  it('that showed it only behind the first pages is read as such from then on, and a warning says what may be missing', async () => {
    const { ids: found, pages } = await readAllPages([almostSorted()], 20)
    expect(found).toEqual(ids(400, 400).filter((id) => id !== 'j250'))
    expect(pages.flatMap(({ warnings }) => warnings)).toMatchObject([{ code: 'LIST_OUT_OF_ORDER', source: 'a' }])
  })
})

describe('a list that changes during one query', () => {
  it('misses nothing when earlier jobs are removed: newest first', async () => {
    const list = listOf('a', jobsOf(600))
    list.jobs.forEach((job, at) => (job.status = at % 2 === 0 ? 'FAILED' : 'RUNNING'))
    list.onRead = (reads) => {
      if (reads === 3) list.jobs.splice(590, 7)
    }
    const { ids: found } = await readAllPages([list], 100, { statuses: ['FAILED'] })
    const there = list.jobs.filter(({ status }) => status === 'FAILED').map(({ id }) => id)
    expect(found).toEqual(expect.arrayContaining(there))
    expect(new Set(found).size).toBe(found.length)
  })

  it('is not taken for unsorted because new jobs shift others', async () => {
    const list = listOf('a', jobsOf(600))
    list.jobs.forEach((job, at) => (job.status = at % 2 === 0 ? 'FAILED' : 'RUNNING'))
    list.onRead = (reads) => list.jobs.push({ id: `new${reads}`, time: 1_000_000 + reads, status: 'FAILED' })
    const { ids: found, pages } = await readAllPages([list], 100, { statuses: ['FAILED'] })
    expect(found.filter((id) => id.startsWith('j'))).toEqual(ids(599, 599).filter((_, at) => at % 2 === 0))
    expect(pages.flatMap(({ warnings }) => warnings)).toEqual([])
  })
})

describe('a source that fails', () => {
  const down = new VendorError('KODEXA', 'VENDOR_UNAVAILABLE', 'away')

  it('on a later page is an outage, and resumes at its position when it is back', async () => {
    const list = listOf('a', jobsOf(2000))
    const other = listOf('b', jobsOf(50).map(renamed))
    const lists = sessionsOf([list, other])
    let { end } = await readJobFeed(lists, { size: 100, after: null })
    for (let page = 0; page < 10; page++) ({ end } = await readJobFeed(lists, { size: 100, after: end }))
    list.failure = down
    const without = await readJobFeed(lists, { size: 10, after: end })
    expect(without.outages).toEqual([{ vendor: 'KODEXA', error: down, source: 'a' }])
    expect(without.entries.map(({ job }) => job.vendorId)).toEqual(ids(50, 10).map((id) => `b${id}`))
    list.failure = null
    list.reads.length = 0
    const { ids: found } = await pageAfter(list, 10, without.end)
    expect(found).toEqual(ids(41, 10))
    expect(list.reads[0]!.offset).toBeGreaterThanOrEqual(1000)
  })
})

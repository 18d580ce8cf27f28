import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VendorError } from '../../src/job/errors.js'
import { readJobFeed, type FeedCursor } from '../../src/feed/feed.js'
import type { JobStatus } from '../../src/job/state.js'
import { jobsOf, listOf, sessionsOf, walkFeed, type JobList, type ListedJob } from '../support/job-lists.js'
import { runs } from '../support/runs.js'

describe('a walk through all jobs', () => {
  const ORDERS = ['newest', 'oldest', 'none'] as const
  const matrix = ORDERS.flatMap((order) =>
    [true, false].flatMap((hasTotal) =>
      // A cap that is not told of cannot be told from the end of a list.
      (hasTotal ? [7, 33, 100, Infinity] : [Infinity]).flatMap((cap) =>
        [9, 20, 64, 100].map((size) => ({ order, hasTotal, cap, size })),
      ),
    ),
  )

  it.each(matrix.filter(({ order, cap }) => order !== 'none' || cap > 25))(
    'has each once, newest first: %j',
    async (manners) => {
      const lists = [
        listOf('a', jobsOf(241), manners),
        listOf('b', jobsOf(130, (n) => n * 1700 + 1).map(renamed), manners),
      ]
      const { ids, times, pages } = await walkFeed(lists, manners.size)
      expect(times).toEqual(times.toSorted((x, y) => y - x))
      expect(ids.toSorted()).toEqual(lists.flatMap(({ jobs }) => jobs.map(({ id }) => id)).sort())
      expect(pages.flatMap(({ warnings }) => warnings)).toEqual([])
    },
  )
})

const renamed = (job: ListedJob): ListedJob => ({ ...job, id: `b${job.id}` })

type Change =
  | { readonly kind: 'insert'; readonly list: number; readonly status: JobStatus }
  | { readonly kind: 'remove' | 'leave' | 'enter'; readonly list: number; readonly at: number }

describe('any walk', () => {
  const listArb = fc
    .record({
      order: fc.constantFrom('newest' as const, 'oldest' as const, 'none' as const),
      hasTotal: fc.boolean(),
      cap: fc.constantFrom(23, 40, 100, Infinity),
      spread: fc.constantFrom(3, 40, 100_000),
      undated: fc.constantFrom(0, 0, 0.1),
      words: fc.constantFrom('all in one list', 'the wanted in one list', 'a list for each'),
      jobs: fc.array(fc.record({ time: fc.nat(), chance: fc.nat(), isRunning: fc.boolean() }), {
        maxLength: 150,
        size: 'max',
      }),
    })
    .map(({ hasTotal, cap, ...list }) => ({ ...list, hasTotal, cap: hasTotal ? cap : Infinity }))
  const changeArb: fc.Arbitrary<Change> = fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      list: fc.nat(2),
      status: fc.constantFrom('RUNNING' as const, 'FAILED' as const),
    }),
    fc.record({
      kind: fc.constantFrom('remove' as const, 'leave' as const, 'enter' as const),
      list: fc.nat(2),
      at: fc.nat(),
    }),
  )

  it('shows every job that is there from its beginning to its end once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(listArb, { minLength: 1, maxLength: 3, size: 'max' }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(changeArb, { maxLength: 12, size: 'max' }), { maxLength: 30, size: 'max' }),
        fc.constantFrom<readonly JobStatus[] | null>(['RUNNING'], ['RUNNING', 'FAILED'], null),
        async (given, sizes, changes, statuses) => {
          const lists = given.flatMap((list, number): JobList[] => {
            const jobs = list.jobs.map(({ time, chance, isRunning }, at): ListedJob => ({
              id: `l${number}_${at}`,
              time: timeOf(list, time, chance, at),
              status: isRunning ? 'RUNNING' : 'FAILED',
            }))
            const words =
              list.words === 'a list for each'
                ? (['RUNNING', 'FAILED'] as const)
                : list.words === 'all in one list'
                  ? [null]
                  : ['RUNNING' as const]
            return words.map((word) => listOf(`l${number} ${word}`, jobs, list, word))
          })
          const matching = () =>
            new Set(
              lists.flatMap(({ rows }) =>
                rows().flatMap(({ id, status }) => ((statuses?.includes(status) ?? true) ? [id] : [])),
              ),
            )
          const [always, ever] = [matching(), matching()]
          let made = 0
          const between = (page: number) => {
            for (const change of changes[page - 1] ?? []) {
              apply(lists[change.list % lists.length]!, change, `new${made++}`)
              const now = matching()
              for (const id of always) if (!now.has(id)) always.delete(id)
              now.forEach((id) => ever.add(id))
            }
          }
          const { ids, times } = await walkFeed(lists, sizes, { statuses, between })
          expect(new Set(ids).size, 'none twice').toBe(ids.length)
          expect(times).toEqual(times.toSorted((a, b) => b - a))
          expect(
            [...always].filter((id) => !ids.includes(id)),
            'none missing',
          ).toEqual([])
          expect(
            ids.filter((id) => !ever.has(id)),
            'none made up',
          ).toEqual([])
        },
      ),
      { numRuns: runs(200) },
    )
  })

  /** A job that changes from one list to another while many of its very moment are shown can be missed: those have moments of their own. */
  function timeOf(list: { words: string; undated: number; spread: number }, time: number, chance: number, at: number) {
    if (list.words === 'a list for each') return 1 + (time % 1000) * 1000 + at
    return chance % 100 < list.undated * 100 ? null : 1 + (time % list.spread)
  }

  function apply({ jobs }: JobList, change: Change, id: string): void {
    if (change.kind === 'insert') {
      const isTied =
        id.length % 2 === 0 && jobs.some(({ time }, at) => jobs.findIndex((other) => other.time === time) < at)
      const newest = Math.max(1, ...jobs.map(({ time }) => time ?? 0))
      jobs.push({ id, time: newest + (isTied ? 0 : 1), status: change.status })
      return
    }
    const at = change.at % Math.max(1, jobs.length)
    if (jobs[at] === undefined) return
    if (change.kind === 'remove') jobs.splice(at, 1)
    else jobs[at].status = change.kind === 'enter' ? 'RUNNING' : 'FAILED'
  }
})

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

describe('what is read of a list', () => {
  it.each([
    ['newest', ['0+20']],
    ['oldest', ['0+20', '4900+100']],
    ['none', ['0+20', ...Array.from({ length: 10 }, (_, page) => `${page * 100}+100`)]],
  ] as const)('for its first jobs, %s first', async (order, expected) => {
    const list = listOf('a', jobsOf(5000), { order })
    await pageAfter(list, 5, null)
    expect(offsets(list)).toEqual(expected)
  })

  it.each([
    ['newest', ['2900+100']],
    ['oldest', ['2000+100']],
  ] as const)('thirty pages deep is one page, %s first', async (order, expected) => {
    const list = listOf('a', jobsOf(5000), { order })
    // A page of another length, so that it ends in the middle of one.
    const { end } = await pageAfter(list, 50, await skip(list, 98, 30))
    expect(end?.keyset.time).toBe(2_011_000)
    const { ids: found } = await pageAfter(list, 10, end)
    expect(found).toEqual(ids(2010, 10))
    expect(offsets(list)).toEqual(expected)
  })

  it('is no more than two pages each time, down to the end', async () => {
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

  it('is nothing where the jobs of others come first', async () => {
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

  it('survives a cap that is found out on the way, and is asked for the same rows behind it', async () => {
    const list = listOf('a', jobsOf(900), { cap: 30 })
    const after = await skip(list, 25, 30)
    const page = await pageAfter(list, 25, after)
    expect(page.ids).toEqual(ids(150, 25))
    expect(offsets(list)).toEqual(['720+30', '750+30'])
  })

  it('is never more than eleven pages', async () => {
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

describe('a list that may not be read any further', () => {
  it('is not overtaken by others, and goes on with the next page', async () => {
    const sparse = listOf('a', jobsOf(3600))
    sparse.jobs.forEach((job, at) => (job.status = at % 1200 === 0 ? 'FAILED' : 'RUNNING'))
    const other = listOf(
      'b',
      jobsOf(300, (n) => n * 10_000 + 1).map((job) => ({ ...renamed(job), status: 'FAILED' })),
    )
    const walk = await walkFeed([sparse, other], 100, { statuses: ['FAILED'] })
    expect(walk.times).toEqual(walk.times.toSorted((a, b) => b - a))
    expect(walk.ids.filter((id) => id.startsWith('j'))).toEqual(['j2401', 'j1201', 'j1'])
    expect(walk.ids).toHaveLength(303)
    expect(walk.pages.some(({ entries, hasMore }) => entries.length < 100 && hasMore)).toBe(true)
  })

  it('goes on even where all of it is of one moment', async () => {
    const list = listOf(
      'a',
      jobsOf(4000, () => 1000),
    )
    list.jobs.forEach((job, at) => (job.status = at % 1999 === 0 ? 'FAILED' : 'RUNNING'))
    const walk = await walkFeed([list], 20, { statuses: ['FAILED'] })
    expect(walk.ids).toHaveLength(3)
  })
})

describe('jobs of one moment', () => {
  const byDay = (n: number) => Math.ceil(n / 300) * 86_400_000

  it.each(['newest', 'oldest', 'none'] as const)('are each there once, hundreds of a day: %s first', async (order) => {
    for (const hasTotal of [true, false]) {
      const list = listOf('a', jobsOf(900, byDay), { order, hasTotal })
      const { ids: found, times } = await walkFeed([list], 70)
      expect(found.toSorted()).toEqual(list.jobs.map(({ id }) => id).sort())
      expect(times).toEqual(times.toSorted((a, b) => b - a))
    }
  })

  it('are left out with a warning where there are more than a cursor can hold', async () => {
    const list = listOf('a', [
      ...jobsOf(5200, () => 5000),
      ...jobsOf(3).map((job) => ({ ...job, id: `old_${job.id}` })),
    ])
    const { ids: found, pages } = await walkFeed([list], 100)
    expect(found).toHaveLength(5003)
    expect(found.slice(-3)).toEqual(['old_j3', 'old_j2', 'old_j1'])
    expect(pages.flatMap(({ warnings }) => warnings)).toMatchObject([{ vendor: 'KODEXA', code: 'MOMENT_CUT_OFF' }])
  })
})

describe('jobs without a date', () => {
  it.each(['newest', 'oldest'] as const)('come last, wherever in a long list they are: %s first', async (order) => {
    const timeOf = (n: number) => (n % 100 === 50 ? null : n * 40)
    const lists = [listOf('a', jobsOf(1600, timeOf), { order }), listOf('b', jobsOf(100).map(renamed))]
    const { ids: found, times } = await walkFeed(lists, 90)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(new Set(found).size).toBe(1700)
    expect(times.filter((time) => time === 0)).toHaveLength(16)
  })

  it('are listed where no other is in the list', async () => {
    const { ids: found } = await walkFeed(
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

describe('a list that is not ordered', () => {
  it('is cut off with a warning where it is long', async () => {
    const list = listOf('a', jobsOf(3000), { order: 'none' })
    const { ids: found, pages } = await walkFeed([list], 100)
    expect(found).toEqual(
      list
        .rows()
        .slice(0, 1000)
        .map(({ id }) => id)
        .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1))),
    )
    for (const { warnings } of pages) expect(warnings).toMatchObject([{ code: 'LIST_CUT_OFF', source: 'a' }])
    expect(pages[0]!.warnings[0]!.message).toContain('first 1000 of 3000 jobs')
  })

  it('is cut off, too, where it is the oldest first and does not say how long it is', async () => {
    const { pages } = await walkFeed([listOf('a', jobsOf(1500), { order: 'oldest', hasTotal: false })], 100)
    expect(pages[0]!.warnings).toMatchObject([{ code: 'LIST_CUT_OFF' }])
    const short = await walkFeed([listOf('a', jobsOf(700), { order: 'oldest', hasTotal: false })], 100)
    expect(short.ids).toEqual(ids(700, 700))
    expect(short.pages[0]!.warnings).toEqual([])
  })

  /** Newest first, but for one job at row 150, which is the newest. */
  const almostOrdered = () =>
    listOf(
      'a',
      jobsOf(400).map((job, at) => (at === 249 ? { ...job, time: 999_999, listedAs: 250_000 } : job)),
    )

  it('may look ordered for long: when it shows, the merge begins again with what was read', async () => {
    const list = almostOrdered()
    list.jobs.forEach((job, at) => (job.status = at % 2 === 1 ? 'FAILED' : 'RUNNING'))
    const page = await readJobFeed(sessionsOf([list]), { size: 100, after: null, statuses: ['FAILED'] })
    const even = ids(400, 400).filter((_, at) => at % 2 === 0 && at !== 150)
    expect(page.entries.map(({ job }) => job.vendorId)).toEqual(['j250', ...even].slice(0, 100))
    expect(offsets(list)).toEqual(['0+100', '100+100', '200+100', '300+100'])
    expect(page.warnings).toEqual([])
  })

  it('that showed it only behind the first pages is read as such from then on, and a warning says what may be missing', async () => {
    const { ids: found, pages } = await walkFeed([almostOrdered()], 20)
    expect(found).toEqual(ids(400, 400).filter((id) => id !== 'j250'))
    expect(pages.flatMap(({ warnings }) => warnings)).toMatchObject([{ code: 'LIST_OUT_OF_ORDER', source: 'a' }])
  })
})

describe('a list that changes while one query reads it', () => {
  it('lacks nothing although jobs before are gone: newest first', async () => {
    const list = listOf('a', jobsOf(600))
    list.jobs.forEach((job, at) => (job.status = at % 2 === 0 ? 'FAILED' : 'RUNNING'))
    list.onRead = (reads) => {
      if (reads === 3) list.jobs.splice(590, 7)
    }
    const { ids: found } = await walkFeed([list], 100, { statuses: ['FAILED'] })
    const there = list.jobs.filter(({ status }) => status === 'FAILED').map(({ id }) => id)
    expect(found).toEqual(expect.arrayContaining(there))
    expect(new Set(found).size).toBe(found.length)
  })

  it('is not taken for unordered because new jobs push others on', async () => {
    const list = listOf('a', jobsOf(600))
    list.jobs.forEach((job, at) => (job.status = at % 2 === 0 ? 'FAILED' : 'RUNNING'))
    list.onRead = (reads) => list.jobs.push({ id: `new${reads}`, time: 1_000_000 + reads, status: 'FAILED' })
    const { ids: found, pages } = await walkFeed([list], 100, { statuses: ['FAILED'] })
    expect(found.filter((id) => id.startsWith('j'))).toEqual(ids(599, 599).filter((_, at) => at % 2 === 0))
    expect(pages.flatMap(({ warnings }) => warnings)).toEqual([])
  })
})

describe('a source that fails', () => {
  const down = new VendorError('KODEXA', 'VENDOR_UNAVAILABLE', 'away')

  it('on a later page is an outage, and goes on from where it was when it is back', async () => {
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

import { afterEach, describe, expect, it } from 'vitest'
import { encodeFeedCursor } from '../../src/graph/feed-cursor.js'
import { openFixture, type Fixture, type FixtureOptions } from '../independent/fixture.js'
import type { CortexOptions, Job } from '../independent/cortex-server.js'
import { wireRecord, wireExecution, timestamp, executionId, repeat, type Wire } from '../independent/wire-jobs.js'

let bench: Fixture
afterEach(() => bench.close())

interface Page {
  readonly nodes: readonly { readonly vendorId: string; readonly createdAt: string | null }[]
  readonly edges: readonly { readonly cursor: string }[]
  readonly outages: readonly { readonly vendor: string; readonly source: string | null; readonly code: string }[]
  readonly warnings: readonly {
    readonly vendor: string
    readonly source: string | null
    readonly code: string
    readonly message: string
  }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const JOBS = `query ($filter: JobFilter, $first: Int, $after: String) {
  jobs(filter: $filter, first: $first, after: $after) {
    nodes { vendorId createdAt } edges { cursor } outages { vendor source code }
    warnings { vendor source code message } pageInfo { hasNextPage endCursor }
  }
}`

interface Asked {
  readonly filter?: object
  readonly first?: number
  readonly after?: string | null
}

async function jobs(variables: Asked): Promise<Page> {
  const { status, data, errors } = await bench.ask(JOBS, variables)
  expect(errors).toEqual([])
  expect(status).toBe(200)
  const page: Page = data.jobs
  return page
}

/** Every page to the end. @param between runs behind each but the last */
async function walk(asked: Asked, between: (page: number) => void = () => {}): Promise<Page[]> {
  const pages: Page[] = []
  let after: string | null = null
  do {
    const page: Page = await jobs({ ...asked, after })
    pages.push(page)
    expect(pages.length, 'a list that comes to an end').toBeLessThan(100)
    const { hasNextPage, endCursor } = page.pageInfo
    if (hasNextPage) expect(endCursor, 'a list that goes on says from where').not.toBeNull()
    if (hasNextPage) between(pages.length)
    after = hasNextPage ? endCursor : null
  } while (after !== null)
  return pages
}

const idsOf = (pages: readonly Page[]) => pages.flatMap(({ nodes }) => nodes.map(({ vendorId }) => vendorId))
const timesOf = (pages: readonly Page[]) =>
  pages.flatMap(({ nodes }) => nodes.map(({ createdAt }) => (createdAt === null ? 0 : Date.parse(createdAt))))
const rows = () => bench.sent().cortex.map(({ query }) => `${query.get('page')} of ${query.get('take')}`)

const dated = (number: number): Wire =>
  wireRecord(`rec_${number}`, { created_at: timestamp(number), status: 'RUNNING', rules: {} })
const newest = (from: number, count: number) => Array.from({ length: count }, (_, index) => `rec_${from - index}`)
const CORTEX = { vendors: ['CORTEX'] }

async function open(records: readonly Wire[], cortexOptions: Partial<CortexOptions> = {}, more: FixtureOptions = {}) {
  bench = await openFixture({
    cortex: { collections: { col_1: records } },
    cortexOptions,
    cortexSettings: { workflowIds: [] },
    ...more,
  })
}

describe('all jobs, in whatever order Cortex lists them', () => {
  const ORDERS = ['newest first', 'oldest first', 'none'] as const
  const HEADERS = ['applied', 'echo', 'count only', 'none'] as const
  const matrix = ORDERS.flatMap((order) =>
    HEADERS.flatMap((headers) =>
      // A cap that no header shows cannot be told from the end of the list.
      (headers === 'none' ? [Infinity] : [30, Infinity]).flatMap((cap) =>
        (headers === 'applied' ? [15, 100] : [60]).map((first) => [order, headers, cap, first] as const),
      ),
    ),
  )

  it.each(matrix)(
    'are listed once, newest first: %s, headers %s, cap %d, first %i',
    async (order, headers, cap, first) => {
      await open(repeat(220, dated), { order, headers, cap }, { kodexa: repeat(40, (n) => wireExecution(n * 7)) })
      const pages = await walk({ first })
      const expected = [
        ...newest(220, 220),
        ...repeat(40, (n) => ({ id: executionId(n * 7) })).map(({ id }) => String(id)),
      ]
      expect(idsOf(pages).toSorted()).toEqual(expected.toSorted())
      expect(timesOf(pages)).toEqual(timesOf(pages).toSorted((a, b) => b - a))
      expect(pages.flatMap(({ warnings, outages }) => [...warnings, ...outages])).toEqual([])
    },
  )

  it('are listed once when Kodexa ignores the requested order', async () => {
    const executions = repeat(150, (n) => wireExecution(n, { createdOn: timestamp((n * 37) % 151) }))
    await open([], {}, { kodexa: executions, kodexaOptions: { sorts: [], unknownSort: 'ignored' } })
    const pages = await walk({ first: 40 })
    expect(new Set(idsOf(pages)).size).toBe(150)
    expect(timesOf(pages)).toEqual(timesOf(pages).toSorted((a, b) => b - a))
  })

  it('are listed once when hundreds have the same date, and last when they have none', async () => {
    const records = repeat(330, (n) => ({
      ...dated(n),
      created_at: n % 11 === 0 ? null : n <= 300 ? '2026-01-10' : '2026-01-11',
    }))
    for (const order of ORDERS) {
      await open(records, { order })
      const pages = await walk({ first: 70 })
      expect(idsOf(pages).toSorted()).toEqual(newest(330, 330).toSorted())
      expect(timesOf(pages)).toEqual(timesOf(pages).toSorted((a, b) => b - a))
      await bench.close()
    }
  })

  it('of an unsorted list are those of its first thousand rows, with a warning', async () => {
    await open(repeat(1300, dated), { order: 'none' })
    const { nodes, warnings } = await jobs({ first: 3, filter: CORTEX })
    expect(nodes).toHaveLength(3)
    expect(warnings).toEqual([
      { vendor: 'CORTEX', source: 'collection col_1', code: 'LIST_TRUNCATED', message: expect.any(String) },
    ])
    expect(warnings[0]!.message).toContain('1000 of 1300')
    expect(bench.sent().cortex).toHaveLength(11)
  })
})

describe('the requests for a page of all jobs', () => {
  it('are one for a list that is newest first, and one more when it is oldest first', async () => {
    for (const [order, calls] of [
      ['newest first', ['1 of 20']],
      ['oldest first', ['1 of 20', '9 of 100']],
    ] as const) {
      await open(repeat(900, dated), { order })
      expect(idsOf([await jobs({ first: 5 })])).toEqual(newest(900, 5))
      expect(rows()).toEqual(calls)
      await bench.close()
    }
  })

  it.each(['newest first', 'oldest first'] as const)('are one request thirty pages deep: %s', async (order) => {
    await open(repeat(3500, dated), { order })
    let after: string | null = null
    for (let page = 0; page < 30; page++) after = (await jobs({ first: 98, after })).pageInfo.endCursor
    rows()
    expect(idsOf([await jobs({ first: 20, after })])).toEqual(newest(3500 - 30 * 98, 20))
    expect(rows()).toEqual([order === 'newest first' ? '30 of 100' : '6 of 100'])
  })

  it('restart at the page of a cursor from its middle', async () => {
    await open(repeat(2000, dated))
    let after: string | null = null
    for (let page = 0; page < 15; page++) after = (await jobs({ first: 98, after })).pageInfo.endCursor
    const { edges } = await jobs({ first: 50, after })
    rows()
    expect(idsOf([await jobs({ first: 5, after: edges[20]!.cursor })])).toEqual(newest(2000 - 15 * 98 - 21, 5))
    expect(rows()).toEqual(['15 of 100'])
  })
})

describe('paging while jobs come and go', () => {
  const ORDERS = ['newest first', 'oldest first', 'none'] as const
  const HEADERS = ['applied', 'none'] as const
  const matrix = ORDERS.flatMap((order) => HEADERS.map((headers) => [order, headers] as const))

  it.each(matrix)(
    'lists remaining jobs once while new ones arrive before each page: %s, headers %s',
    async (order, headers) => {
      await open(repeat(400, dated), { order, headers })
      const pages = await walk({ first: 30 }, (page) => {
        for (let n = 0; n < 17; n++) bench.cortex.jobs('col_1').push({ ...dated(1000 + page * 20 + n) })
      })
      expect(idsOf(pages)).toEqual(newest(400, 400))
    },
  )

  it.each(matrix)(
    'lists remaining jobs once while others are deleted before each page: %s, headers %s',
    async (order, headers) => {
      await open(repeat(400, dated), { order, headers })
      const gone = new Set<string>()
      const pages = await walk({ first: 30 }, (page) => {
        const list = bench.cortex.jobs('col_1')
        for (let n = 0; n < 9; n++) gone.add(String(list.splice((page * 131 + n * 17) % list.length, 1)[0]!.id))
      })
      const found = idsOf(pages)
      expect(new Set(found).size).toBe(found.length)
      expect(found.filter((id) => !gone.has(id))).toEqual(newest(400, 400).filter((id) => !gone.has(id)))
    },
  )

  it.each(matrix)(
    'of one status has those that keep it, while others leave and enter it: %s, headers %s',
    async (order, headers) => {
      await open(
        repeat(500, (n) => ({ ...dated(n), status: n % 3 === 0 ? 'QUEUED' : 'RUNNING' })),
        { order, headers },
      )
      const changed = new Set<string>()
      const pages = await walk({ first: 30, filter: { statuses: ['RUNNING'] } }, (page) => {
        const list = bench.cortex.jobs('col_1')
        for (let n = 0; n < 11; n++) {
          const job: Job = list[(page * 137 + n * 29) % list.length]!
          job.status = job.status === 'RUNNING' ? 'COMPLETED' : 'RUNNING'
          changed.add(String(job.id))
        }
      })
      const found = idsOf(pages)
      expect(new Set(found).size).toBe(found.length)
      expect(timesOf(pages)).toEqual(timesOf(pages).toSorted((a, b) => b - a))
      const kept = newest(500, 500).filter((id) => Number(id.slice(4)) % 3 !== 0 && !changed.has(id))
      expect(found.filter((id) => !changed.has(id))).toEqual(kept)
    },
  )

  it.each(ORDERS)('by two statuses lists jobs that change from one to the other: %s', async (order) => {
    await open(
      repeat(400, (n) => ({ ...dated(n), status: n % 2 === 0 ? 'QUEUED' : 'RUNNING' })),
      { order },
    )
    const pages = await walk({ first: 30, filter: { statuses: ['RUNNING', 'QUEUED'] } }, (page) => {
      const list = bench.cortex.jobs('col_1')
      for (let n = 0; n < 15; n++) {
        const job: Job = list[(page * 137 + n * 29) % list.length]!
        job.status = job.status === 'RUNNING' ? 'QUEUED' : 'RUNNING'
      }
    })
    expect(idsOf(pages)).toEqual(newest(400, 400))
  })
})

describe('a list that filters out most rows', () => {
  it('is read to its end in pages that may be short, with every match', async () => {
    const odd = [12, 2600, 4990]
    await open(repeat(5000, (n) => ({ ...dated(n), status: odd.includes(n) ? 'ON_HOLD' : 'RUNNING' })))
    const pages = await walk({ first: 20, filter: { ...CORTEX, statuses: ['UNKNOWN'] } })
    expect(idsOf(pages)).toEqual(['rec_4990', 'rec_2600', 'rec_12'])
    expect(pages.length).toBeLessThanOrEqual(7)
    expect(bench.sent().cortex.length).toBeLessThanOrEqual(60)
  })
})

describe('a list that fails on a later page', () => {
  it('is an outage there, and the jobs of the other are listed', async () => {
    await open(repeat(300, dated), {}, { kodexa: repeat(300, (n) => wireExecution(n)) })
    const { pageInfo } = await jobs({ first: 100 })
    bench.cortex.options.failAll = 503
    const { nodes, outages } = await jobs({ first: 3, after: pageInfo.endCursor })
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual([250, 249, 248].map(executionId))
    expect(outages).toEqual([{ vendor: 'CORTEX', source: 'collection col_1', code: 'VENDOR_UNAVAILABLE' }])
  })

  it('is an empty list with every outage when both are down', async () => {
    await open(repeat(3, dated), { failAll: 500 }, { kodexaOptions: { failAll: 502 } })
    expect(await jobs({})).toMatchObject({
      nodes: [],
      outages: [{ vendor: 'CORTEX' }, { vendor: 'KODEXA' }],
      pageInfo: { hasNextPage: false, endCursor: null },
    })
  })
})

describe('a cursor', () => {
  it('of another filter continues after the same job', async () => {
    await open(repeat(900, (n) => ({ ...dated(n), status: n % 2 === 0 ? 'QUEUED' : 'RUNNING' })))
    let after: string | null = null
    for (let page = 0; page < 6; page++) after = (await jobs({ first: 100, after })).pageInfo.endCursor
    const filters = [{ statuses: ['RUNNING'] }, { statuses: ['UNKNOWN', 'RUNNING'] }, { vendors: ['KODEXA'] }]
    const [one, two, none] = await Promise.all(filters.map((filter) => jobs({ first: 2, after, filter })))
    expect(idsOf([one!])).toEqual(['rec_299', 'rec_297'])
    expect(idsOf([two!])).toEqual(['rec_299', 'rec_297'])
    expect(idsOf([none!])).toEqual([])
  })

  it('that is forged is rejected before anything is sent', async () => {
    await open(repeat(3, dated))
    const position = { order: 'newest', offset: 100, cap: null, firstKey: 'abcdef', hasUndated: false } as const
    const cursor = encodeFeedCursor({ keyset: { time: 5, shown: [] }, positions: new Map([['abcdef', position]]) })
    for (const after of [`${cursor.slice(0, -1)}_`, `${cursor}A`, cursor.slice(4)]) {
      const { errors } = await bench.ask(JOBS, { after })
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    }
    expect(bench.sent()).toEqual({ cortex: [], kodexa: [] })
  })

  it('with wrong positions still finds the jobs', async () => {
    await open(repeat(300, dated))
    const { pageInfo } = await jobs({ first: 100 })
    const { endCursor } = (await jobs({ first: 50, after: pageInfo.endCursor })).pageInfo
    bench.cortex.jobs('col_1').splice(180)
    expect(idsOf([await jobs({ first: 100, after: endCursor })])).toEqual(newest(150, 100))
  })
})

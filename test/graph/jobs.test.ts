import { describe, expect, it } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { closeAfterTest, sandboxed } from '../support/closing.js'
import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import type { SandboxedGateway } from '../support/sandboxes.js'
import {
  byRoute,
  cortexAt,
  hang,
  hangUp,
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

interface ListedJob {
  readonly id: string
  readonly vendor: string
  readonly vendorId: string
  readonly status: string
  readonly createdAt: string | null
}

interface Outage {
  readonly vendor: string
  readonly source: string | null
  readonly code: string
  readonly retryAfterSeconds: number | null
}

interface JobsPage {
  readonly nodes: readonly ListedJob[]
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly outages: readonly Outage[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const SELECTION = `
  nodes { id vendor vendorId status createdAt }
  edges { cursor node { id } }
  outages { vendor source code retryAfterSeconds }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
`

const JOBS_QUERY = `query ($filter: JobFilter, $first: Int, $after: String) {
  jobs(filter: $filter, first: $first, after: $after) { ${SELECTION} }
}`

interface FeedOptions {
  readonly cortex?: Script
  readonly kodexa?: Script
  readonly settings?: Partial<CortexSettings>
  readonly options?: Partial<GatewayOptions>
}

/** A gateway with one collection and no workflow of Cortex, and Kodexa, which answer so; empty lists by default. */
async function openFeed({
  cortex: cortexScript = json(200, []),
  kodexa: kodexaScript = json(200, { content: [], totalElements: 0 }),
  settings = {},
  options = {},
}: FeedOptions) {
  const [cortex, kodexa] = [await startScriptedVendor(cortexScript), await startScriptedVendor(kodexaScript)]
  const gateway = openGateway(
    [
      cortexAt(cortex.url, { workflowIds: [], timeoutMs: 1000, ...settings }),
      kodexaAt(kodexa.url, { timeoutMs: 1000 }),
    ],
    options,
  )
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}

interface JobsVariables {
  readonly filter?: object
  readonly first?: number
  readonly after?: string | null
}

async function readJobs(gateway: TestGateway, variables: JobsVariables = {}): Promise<JobsPage> {
  const { status, data, errors } = await gateway.query(JOBS_QUERY, variables)
  expect(errors).toEqual([])
  expect(status).toBe(200)
  const list: JobsPage = data.jobs
  return list
}

interface AllJobsOptions {
  readonly filter?: object
  /** One size of page, or several in turn. */
  readonly first: number | readonly number[]
}

/** Follows the list to its end as a client does: by `endCursor` for as long as there is a next page. */
async function readAllJobs(gateway: TestGateway, { first, ...asked }: AllJobsOptions): Promise<JobsPage[]> {
  const pages: JobsPage[] = []
  const sizes = typeof first === 'number' ? [first] : first
  let after: string | null = null
  for (let turn = 0; turn < 60; turn++) {
    const page: JobsPage = await readJobs(gateway, { ...asked, first: sizes[turn % sizes.length]!, after })
    pages.push(page)
    if (!page.pageInfo.hasNextPage) return pages
    expect(page.pageInfo.endCursor, 'a list that goes on says from where').not.toBeNull()
    expect(page.pageInfo.endCursor, 'a list that goes on gets on').not.toBe(after)
    after = page.pageInfo.endCursor
  }
  throw new Error('The list has no end.')
}

const vendorIds = (pages: readonly JobsPage[]) => pages.flatMap(({ nodes }) => nodes.map(({ vendorId }) => vendorId))

/** What was asked of an upstream, whatever the order of its parameters. */
function sortedRequest(line: string): string {
  const { pathname, searchParams } = new URL(line.split(' ')[1]!, 'http://vendor.test')
  return `${pathname}?${[...searchParams]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`
}

const DAY = 24 * 60 * 60 * 1000
const dateOfDay = (day: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + day * DAY).toISOString()
const record = (id: string, day: number | null, status = 'COMPLETED') => ({
  id,
  status,
  created_at: day === null ? null : dateOfDay(day),
})
const execution = (id: string, day: number | null, status = 'SUCCEEDED') => ({
  id,
  status,
  createdOn: day === null ? null : dateOfDay(day),
})

const kodexaPages = (rows: readonly object[]): Script =>
  paged(rows, 'pageSize', (content, page, size) => ({
    content,
    totalElements: rows.length,
    pageable: { offset: (page - 1) * size },
  }))
const cortexPages = (rows: readonly object[]): Script => paged(rows, 'take', (content) => content)

type Shape = (content: readonly object[], page: number, size: number) => unknown

function paged(rows: readonly object[], sizeName: string, shape: Shape): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://vendor.test').searchParams
    const [page, size] = [Number(query.get('page')), Number(query.get(sizeName))]
    json(200, shape(rows.slice((page - 1) * size, page * size), page, size))(request, response)
  }
}

describe('the jobs of both sandboxes', () => {
  const SOURCES = [
    'records(collectionId: "col_invoices", first: 100',
    'records(collectionId: "col_loans", first: 100',
    'workflowRuns(workflowId: "work_classify", first: 100',
    'workflowRuns(workflowId: "work_extract", first: 100',
    'workflowRuns(workflowId: "work_verify", first: 100',
    'executions(first: 100',
  ]

  async function readSource(gateway: TestGateway, source: string, after: string | null = null): Promise<ListedJob[]> {
    const { data, errors } = await gateway.query(
      `query ($after: String) {
      list: ${source}, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } }
    }`,
      { after },
    )
    expect(errors).toEqual([])
    const { nodes, pageInfo }: Pick<JobsPage, 'nodes' | 'pageInfo'> = data.list
    return pageInfo.hasNextPage ? [...nodes, ...(await readSource(gateway, source, pageInfo.endCursor))] : [...nodes]
  }

  async function everyJob(gateway: TestGateway): Promise<ListedJob[]> {
    const all = (await Promise.all(SOURCES.map((source) => readSource(gateway, source)))).flat()
    expect(all).toHaveLength(502)
    return all
  }

  const times = (rows: readonly ListedJob[]) => rows.map(({ createdAt }) => Date.parse(createdAt!))
  const newestFirst = (rows: readonly ListedJob[]) => times(rows).sort((a, b) => b - a)

  it('are one list, newest first', async () => {
    const gateway = await sandboxed()
    const { nodes, edges, outages } = await readJobs(gateway, { first: 60 })
    expect(outages).toEqual([])
    expect(times(nodes)).toEqual(newestFirst(await everyJob(gateway)).slice(0, 60))
    expect(new Set(nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
    expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id))
  })

  it.each([{ first: 100 }, { first: [30, 100, 7] }])(
    'are each there once, without a gap, down to the oldest of each source: %j',
    async ({ first }) => {
      const gateway = await sandboxed()
      const all = await everyJob(gateway)
      const found = (await readAllJobs(gateway, { first })).flatMap(({ nodes }) => nodes)
      expect(times(found)).toEqual(newestFirst(all))
      expect(found.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
    },
  )

  it('are twenty when nobody says how many', async () => {
    const { nodes, pageInfo, edges } = await readJobs(await sandboxed())
    expect(nodes).toHaveLength(20)
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]!.cursor,
      endCursor: edges.at(-1)!.cursor,
    })
  })

  it('go on behind any of them', async () => {
    const gateway = await sandboxed()
    const { edges } = await readJobs(gateway, { first: 20 })
    for (const at of [0, 7, 18]) {
      const page = await readJobs(gateway, { first: 1, after: edges[at]!.cursor })
      expect(page.edges).toEqual([edges[at + 1]])
      expect(page.pageInfo.hasPreviousPage).toBe(true)
    }
  })
})

describe('what is asked of the vendors for a list of jobs', () => {
  const PLACES = [
    '/apps/c/collections/col_invoices/records',
    '/apps/c/collections/col_loans/records',
    '/apps/c/workflows/work_classify/runs',
    '/apps/c/workflows/work_extract/runs',
    '/apps/c/workflows/work_verify/runs',
  ]

  async function asked(
    variables: JobsVariables,
    gateway?: SandboxedGateway,
  ): Promise<{ cortex: string[]; kodexa: string[] }> {
    const asking = gateway ?? (await sandboxed())
    await readJobs(asking, variables)
    const { cortex, kodexa } = asking.takeRequests()
    return { cortex: cortex.map(sortedRequest).sort(), kodexa: kodexa.map(sortedRequest) }
  }

  it('is one page of each of their lists, long enough to show its order', async () => {
    expect(await asked({ first: 7 })).toEqual({
      cortex: PLACES.map((place) => `${place}?page=1&take=20`),
      kodexa: ['/api/executions?page=1&pageSize=20&sort=createdOn,desc'],
    })
  })

  it('is as many of each as are wanted, where that is more', async () => {
    expect(await asked({ first: 35 })).toEqual({
      cortex: PLACES.map((place) => `${place}?page=1&take=35`),
      kodexa: ['/api/executions?page=1&pageSize=35&sort=createdOn,desc'],
    })
  })

  it('is a hundred of each behind the first page', async () => {
    const gateway = await sandboxed()
    const { pageInfo } = await readJobs(gateway, { first: 7 })
    gateway.takeRequests()
    expect(await asked({ first: 7, after: pageInfo.endCursor }, gateway)).toEqual({
      cortex: PLACES.map((place) => `${place}?page=1&take=100`),
      kodexa: ['/api/executions?page=1&pageSize=100&sort=createdOn,desc'],
    })
  })

  it('is nothing of a vendor that is not wanted', async () => {
    expect(await asked({ filter: { vendors: ['KODEXA'] }, first: 5 })).toEqual({
      cortex: [],
      kodexa: ['/api/executions?page=1&pageSize=20&sort=createdOn,desc'],
    })
    expect(await asked({ filter: { vendors: ['CORTEX'] }, first: 5 })).toEqual({
      cortex: PLACES.map((place) => `${place}?page=1&take=20`),
      kodexa: [],
    })
    expect(await asked({ filter: { vendors: [] } })).toEqual({ cortex: [], kodexa: [] })
  })

  it("is a status in each vendor's own words", async () => {
    const QUEUED = "(status:'PENDING' or status:'REQUESTED' or status:'PENDING_REPROCESSING')"
    expect(await asked({ filter: { statuses: ['QUEUED'] }, first: 5 })).toEqual({
      cortex: PLACES.map(
        (place) => `${place}?page=1&status=${place.endsWith('records') ? 'QUEUED' : 'PENDING'}&take=20`,
      ),
      kodexa: [`/api/executions?filter=${QUEUED}&page=1&pageSize=20&sort=createdOn,desc`],
    })
  })

  it('is one list for each of several statuses of Cortex, and one for all of them of Kodexa', async () => {
    expect(
      await asked({
        filter: { statuses: ['RUNNING', 'FAILED'], cortexCollectionIds: ['col_loans'] },
        first: 5,
      }),
    ).toEqual({
      cortex: ['FAILED', 'RUNNING'].map(
        (word) => `/apps/c/collections/col_loans/records?page=1&status=${word}&take=20`,
      ),
      kodexa: ["/api/executions?filter=(status:'RUNNING' or status:'FAILED')&page=1&pageSize=20&sort=createdOn,desc"],
    })
  })

  it('is nothing where a vendor has no word for the status', async () => {
    expect(await asked({ filter: { statuses: ['CANCELLING'] }, first: 5 })).toEqual({
      cortex: [],
      kodexa: ["/api/executions?filter=status:'CANCELLING'&page=1&pageSize=20&sort=createdOn,desc"],
    })
    expect(await asked({ filter: { statuses: ['DRAFT'] }, first: 5 })).toEqual({
      cortex: PLACES.slice(0, 2).map((place) => `${place}?page=1&status=DRAFT&take=20`),
      kodexa: [],
    })
    expect(
      (
        await asked({
          filter: { statuses: ['SKIPPED'] },
          first: 5,
        })
      ).cortex,
    ).toEqual(PLACES.slice(2).map((place) => `${place}?page=1&status=SKIPPED&take=20`))
    expect(await asked({ filter: { statuses: [] } })).toEqual({ cortex: [], kodexa: [] })
  })

  it('is no status at all when UNKNOWN is wanted', async () => {
    const { cortex, kodexa } = await asked({ filter: { statuses: ['RUNNING', 'UNKNOWN'] }, first: 100 })
    expect(new Set(cortex.map((line) => line.split('?')[0]))).toEqual(new Set(PLACES))
    expect(kodexa.length).toBeGreaterThan(0)
    for (const line of [...cortex, ...kodexa]) expect(line).not.toMatch(/status|filter/)
  })

  it('is of the collections and workflows that are named, and of no others', async () => {
    const vendors = ['CORTEX']
    expect(await asked({ filter: { vendors, cortexCollectionIds: ['col_loans'] }, first: 5 })).toMatchObject({
      cortex: [`${PLACES[1]}?page=1&take=20`],
    })
    expect(
      await asked({
        filter: { vendors, cortexWorkflowIds: ['work_verify', 'work_extract'] },
        first: 5,
      }),
    ).toMatchObject({
      cortex: [`${PLACES[3]}?page=1&take=20`, `${PLACES[4]}?page=1&take=20`],
    })
    expect(
      await asked({
        filter: {
          vendors,
          cortexCollectionIds: ['col_loans'],
          cortexWorkflowIds: ['work_verify'],
          statuses: ['FAILED'],
        },
        first: 5,
      }),
    ).toMatchObject({
      cortex: [`${PLACES[1]}?page=1&status=FAILED&take=20`, `${PLACES[4]}?page=1&status=FAILED&take=20`],
    })
    expect(await asked({ filter: { vendors, cortexCollectionIds: [] } })).toMatchObject({ cortex: [] })
  })

  it('brings only what was asked for', async () => {
    const gateway = await sandboxed()
    const running = await readJobs(gateway, { filter: { statuses: ['RUNNING', 'QUEUED'] }, first: 100 })
    expect(new Set(running.nodes.map(({ status }) => status))).toEqual(new Set(['RUNNING', 'QUEUED']))
    expect(new Set(running.nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
    const kodexa = await readJobs(gateway, { filter: { vendors: ['KODEXA'] }, first: 30 })
    expect(new Set(kodexa.nodes.map(({ vendor }) => vendor))).toEqual(new Set(['KODEXA']))
  })
})

describe('a list of jobs', () => {
  it('has those last that do not say when they were created', async () => {
    const { gateway } = await openFeed({
      cortex: json(200, [record('r_none', null), record('r_3', 3)]),
      kodexa: kodexaPages([execution('e_none', null), execution('e_5', 5), execution('e_1', 1)]),
    })
    const { nodes } = await readJobs(gateway)
    expect(nodes.slice(0, 3).map(({ vendorId }) => vendorId)).toEqual(['e_5', 'r_3', 'e_1'])
    expect(new Set(nodes.slice(3).map(({ vendorId }) => vendorId))).toEqual(new Set(['e_none', 'r_none']))
  })

  it.each([1, 2, 3, 10])('tells jobs of one moment apart, %d at a time', async (first) => {
    const rows = Array.from({ length: 9 }, (_, at) => execution(`e_${at}`, at < 6 ? 1 : null))
    const { gateway } = await openFeed({ kodexa: kodexaPages(rows) })
    const ids = vendorIds(await readAllJobs(gateway, { first, filter: { vendors: ['KODEXA'] } }))
    expect([...ids].sort()).toEqual(rows.map(({ id }) => id))
  })

  it.each([1, 7, 10, 100])('has all jobs of one day where no hour is told, %d at a time', async (first) => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ ...record(`r_${99 - at}`, 1), created_at: '2026-01-02' }))
    const { gateway } = await openFeed({ cortex: cortexPages(rows) })
    const ids = vendorIds(await readAllJobs(gateway, { first, filter: { vendors: ['CORTEX'] } }))
    expect([...ids].sort()).toEqual(rows.map(({ id }) => id).sort())
  })

  it('has a job once that stands in two lists', async () => {
    const { gateway, cortex } = await openFeed({ cortex: json(200, [record('r_1', 1), record('r_2', 2)]) })
    const { nodes } = await readJobs(gateway, { filter: { cortexCollectionIds: ['col_1', 'col_1'] } })
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_2', 'r_1'])
    expect(cortex.requests.length).toBeGreaterThan(0)
  })

  it('has records of one id in two collections twice, because they are two', async () => {
    const { gateway } = await openFeed({
      cortex: json(200, [record('r_1', 1)]),
      settings: { collectionIds: ['col_1', 'col_2'] },
    })
    const { nodes } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1', 'r_1'])
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(2)
  })

  it('repeats nothing and leaves nothing out while new jobs come in', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => execution(`e_${at}`, 100 - at))
    const { gateway, kodexa } = await openFeed({ kodexa: kodexaPages(rows) })
    const first = await readJobs(gateway, { first: 10 })
    kodexa.answer(kodexaPages([execution('new_1', 300), execution('new_2', 200), ...rows]))
    const second = await readJobs(gateway, { first: 100, after: first.pageInfo.endCursor })
    expect(vendorIds([first, second])).toEqual(rows.map(({ id }) => id))
  })

  it('ends where it ends', async () => {
    const rows = Array.from({ length: 6 }, (_, at) => execution(`e_${at}`, 100 - at))
    const { gateway } = await openFeed({ kodexa: kodexaPages(rows) })
    expect((await readJobs(gateway, { first: 7 })).pageInfo.hasNextPage).toBe(false)
    expect((await readJobs(gateway, { first: 5 })).pageInfo.hasNextPage).toBe(true)
    expect(vendorIds(await readAllJobs(gateway, { first: 6 }))).toEqual(rows.map(({ id }) => id))
    const empty = await readJobs(gateway, { filter: { vendors: ['CORTEX'] } })
    expect(empty).toEqual({
      nodes: [],
      edges: [],
      outages: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  it('leaves out what a vendor gives although it was asked for another status', async () => {
    const { gateway } = await openFeed({
      cortex: json(200, [record('r_1', 1, 'RUNNING'), record('r_2', 2, 'FAILED')]),
      kodexa: kodexaPages([
        execution('e_1', 1, 'running'),
        execution('e_2', 2, 'FAILED'),
        execution('e_3', 3, 'PAUSED'),
      ]),
    })
    expect(vendorIds([await readJobs(gateway, { filter: { statuses: ['RUNNING'] } })]).sort()).toEqual(['e_1', 'r_1'])
  })

  it.each([5, 20, 100])('finds the status UNKNOWN wherever it is, %d at a time', async (first) => {
    const rows = (odd: number) => Array.from({ length: 190 }, (_, at) => (at === odd ? 'PAUSED' : 'RUNNING'))
    const { gateway } = await openFeed({
      cortex: cortexPages(rows(30).map((status, at) => record(`r_${at}`, 400 - at, status))),
      kodexa: kodexaPages(rows(160).map((status, at) => execution(`e_${at}`, 300 - at, status))),
    })
    expect(vendorIds(await readAllJobs(gateway, { first, filter: { statuses: ['UNKNOWN'] } }))).toEqual([
      'r_30',
      'e_160',
    ])
  })

  it('leaves none out of one vendor when those of another are found sooner', async () => {
    const statusAt = (at: number) => (at === 250 ? 'PAUSED' : 'RUNNING')
    const records = Array.from({ length: 300 }, (_, at) => record(`r_${at}`, 2000 - at, statusAt(at)))
    const { gateway } = await openFeed({
      cortex: cortexPages(records),
      kodexa: kodexaPages(Array.from({ length: 20 }, (_, at) => execution(`e_${at}`, 1900 - 100 * at, 'PAUSED'))),
    })
    const ids = vendorIds(await readAllJobs(gateway, { first: 5, filter: { statuses: ['UNKNOWN'] } }))
    expect(ids).toHaveLength(21)
    expect(ids.slice(0, 4)).toEqual(['e_0', 'e_1', 'r_250', 'e_2'])
  })

  it('is read no further than it is wanted', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => execution(`e_${at}`, 400 - at))
    const { gateway, cortex, kodexa } = await openFeed({
      cortex: json(200, [record('r_1', 1)]),
      kodexa: kodexaPages(rows),
    })
    await readJobs(gateway, { first: 20 })
    expect(cortex.requests).toHaveLength(1)
    expect(kodexa.requests).toHaveLength(1)
  })

  it('says that it goes on where what the vendor cannot filter by lies beyond the pages that one query reads', async () => {
    const statusAt = (at: number) => (at === 1400 ? 'PAUSED' : 'RUNNING')
    const rows = Array.from({ length: 1500 }, (_, at) => execution(`e_${at}`, 2000 - at, statusAt(at)))
    const { gateway, kodexa } = await openFeed({ kodexa: kodexaPages(rows) })
    const filter = { vendors: ['KODEXA'], statuses: ['UNKNOWN'] }
    const page = await readJobs(gateway, { first: 20, filter })
    expect(page).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true, endCursor: expect.any(String) } })
    expect(kodexa.requests).toHaveLength(11)
    const next = await readJobs(gateway, { first: 20, filter, after: page.pageInfo.endCursor })
    expect(vendorIds([next])).toEqual(['e_1400'])
    expect(next.pageInfo.hasNextPage).toBe(false)
  })

  it('has every job, however long the lists of the vendors are', async () => {
    const rows = Array.from({ length: 2150 }, (_, at) => execution(`e_${at}`, 3000 - at))
    const { gateway } = await openFeed({ kodexa: kodexaPages(rows) })
    const ids = vendorIds(await readAllJobs(gateway, { first: 100, filter: { vendors: ['KODEXA'] } }))
    expect(ids).toEqual(rows.map(({ id }) => id))
  })

  it.each<[string, JobsVariables]>([
    ['a page of none', { first: 0 }],
    ['too long a page', { first: 101 }],
    ['a cursor that is none', { after: 'nonsense' }],
    ['an empty cursor', { after: '' }],
    ['a collection that cannot be one', { filter: { cortexCollectionIds: ['a/b'] } }],
    ['a workflow that cannot be one', { filter: { cortexWorkflowIds: ['..'] } }],
  ])('refuses %s before anything is sent', async (_what, variables) => {
    const { gateway, cortex, kodexa } = await openFeed({})
    const { status, errors } = await gateway.query(JOBS_QUERY, variables)
    expect(status).toBe(200)
    expect(errors).toMatchObject([{ path: ['jobs'], extensions: { code: 'BAD_INPUT' } }])
    expect([...cortex.requests, ...kodexa.requests]).toEqual([])
  })

  it('refuses the cursor of another list', async () => {
    const gateway = await sandboxed()
    const { data } = await gateway.query('{ executions(first: 1) { pageInfo { endCursor } } }')
    const { errors } = await gateway.query('query ($after: String) { jobs(after: $after) { nodes { id } } }', {
      after: data.executions.pageInfo.endCursor,
    })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })
})

describe('a vendor that is down', () => {
  const RECORDS = json(200, [record('r_2', 2), record('r_1', 1)])
  const EXECUTIONS = kodexaPages([execution('e_2', 2), execution('e_1', 1)])

  it.each<[string, Script, Partial<Outage>]>([
    ['fails', json(500, {}), { code: 'VENDOR_UNAVAILABLE' }],
    [
      'is being repaired',
      json(503, {}, { 'retry-after': '12' }),
      { code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: 12 },
    ],
    ['hangs up', hangUp, { code: 'VENDOR_UNAVAILABLE' }],
    ['does not answer', hang, { code: 'VENDOR_TIMEOUT' }],
    ['does not accept the credential', json(401, {}), { code: 'VENDOR_UNAUTHORIZED' }],
    [
      'has had too many requests',
      json(429, {}, { 'retry-after': '7' }),
      { code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 7 },
    ],
    ['refuses', json(422, {}), { code: 'VENDOR_REJECTED' }],
    ['answers with a page for people', text(200, '<html></html>'), { code: 'VENDOR_BAD_RESPONSE' }],
    ['answers with something else', json(200, { rows: 3 }), { code: 'VENDOR_BAD_RESPONSE' }],
  ])('is an outage, and the jobs of the other stand: it %s', async (_what, script, outage) => {
    const withoutKodexa = await readJobs((await openFeed({ cortex: RECORDS, kodexa: script })).gateway)
    expect(vendorIds([withoutKodexa])).toEqual(['r_2', 'r_1'])
    expect(withoutKodexa.outages).toEqual([
      { vendor: 'KODEXA', source: 'executions', retryAfterSeconds: null, ...outage },
    ])
    const withoutCortex = await readJobs((await openFeed({ cortex: script, kodexa: EXECUTIONS })).gateway)
    expect(vendorIds([withoutCortex])).toEqual(['e_2', 'e_1'])
    expect(withoutCortex.outages).toEqual([
      { vendor: 'CORTEX', source: 'collection col_1', retryAfterSeconds: null, ...outage },
    ])
  })

  it('is an outage for each of its lists, and an empty page when it is both', async () => {
    const { gateway } = await openFeed({
      cortex: json(500, {}),
      kodexa: hangUp,
      settings: { collectionIds: ['col_1', 'col_2'], workflowIds: ['work_1'] },
    })
    const page = await readJobs(gateway)
    expect(page).toMatchObject({ nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } })
    expect(page.outages.map(({ vendor, source, code }) => `${vendor} ${source}: ${code}`).sort()).toEqual([
      'CORTEX collection col_1: VENDOR_UNAVAILABLE',
      'CORTEX collection col_2: VENDOR_UNAVAILABLE',
      'CORTEX workflow work_1: VENDOR_UNAVAILABLE',
      'KODEXA executions: VENDOR_UNAVAILABLE',
    ])
  })

  it('in one of its places only is an outage of that place', async () => {
    const cortex = byRoute({
      'GET /apps/c/collections/col_1/records': RECORDS,
      'GET /apps/c/collections/col_2/records': json(500, {}),
    })
    const { gateway } = await openFeed({ cortex, settings: { collectionIds: ['col_1', 'col_2'] } })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_2', 'r_1'])
    expect(outages).toMatchObject([{ vendor: 'CORTEX', source: 'collection col_2', code: 'VENDOR_UNAVAILABLE' }])
  })

  it('is told of on a later page as well', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => execution(`e_${at}`, 100 - at))
    const { gateway, cortex } = await openFeed({ cortex: RECORDS, kodexa: kodexaPages(rows) })
    const { pageInfo } = await readJobs(gateway, { first: 5 })
    cortex.answer(hangUp)
    const page = await readJobs(gateway, { first: 5, after: pageInfo.endCursor })
    expect(vendorIds([page])).toEqual(['e_5', 'e_6', 'e_7', 'e_8', 'e_9'])
    expect(page.outages).toMatchObject([{ vendor: 'CORTEX', source: 'collection col_1' }])
  })
})

describe('a place that Cortex does not know', () => {
  it('is an outage of its own, and the others stand', async () => {
    const gateway = await sandboxed()
    const { nodes, outages } = await readJobs(gateway, {
      filter: { cortexCollectionIds: ['col_none', 'col_loans'], cortexWorkflowIds: ['work_none'] },
    })
    expect(outages.map(({ vendor, source, code }) => `${vendor} ${source}: ${code}`).sort()).toEqual([
      'CORTEX collection col_none: NOT_FOUND',
      'CORTEX workflow work_none: NOT_FOUND',
    ])
    expect(new Set(nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
  })
})

describe('Cortex without configured places', () => {
  const settings = { collectionIds: [], workflowIds: [] }

  it('has jobs in those that it lists', async () => {
    const cortex = byRoute({
      'GET /apps/c/collections': json(200, [{ id: 'col_a' }, { id: 'col_b' }]),
      'GET /apps/c/workflows': json(200, [{ id: 'work_a' }]),
      'GET /apps/c/collections/col_a/records': json(200, [record('r_a', 3)]),
      'GET /apps/c/collections/col_b/records': json(200, [record('r_b', 2)]),
      'GET /apps/c/workflows/work_a/runs': json(200, [record('w_a', 4)]),
    })
    const { gateway } = await openFeed({ cortex, kodexa: kodexaPages([execution('e_1', 1)]), settings })
    for (const filter of [undefined, { vendors: ['CORTEX', 'KODEXA'] }, { statuses: ['COMPLETED'] }]) {
      const { nodes, outages } = await readJobs(gateway, { ...(filter && { filter }) })
      expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['w_a', 'r_a', 'r_b', 'e_1'])
      expect(outages).toEqual([])
    }
  })

  it('is an outage for each kind of them while it is down, and the jobs of the other stand', async () => {
    const { gateway } = await openFeed({ cortex: hangUp, kodexa: kodexaPages([execution('e_1', 1)]), settings })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['e_1'])
    expect(outages).toMatchObject([
      { vendor: 'CORTEX', source: 'collections', code: 'VENDOR_UNAVAILABLE' },
      { vendor: 'CORTEX', source: 'workflows', code: 'VENDOR_UNAVAILABLE' },
    ])
  })

  it('costs the other vendor no time while it does not say which places it has', async () => {
    const kodexa = kodexaPages([execution('e_1', 1)])
    const { gateway } = await openFeed({ cortex: hang, kodexa, settings, options: { deadlineMs: 500 } })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['e_1'])
    expect(outages).toMatchObject([{ code: 'VENDOR_TIMEOUT' }, { code: 'VENDOR_TIMEOUT' }])
    expect(outages.map(({ vendor }) => vendor)).toEqual(['CORTEX', 'CORTEX'])
  })

  it('lists those of the places that are named', async () => {
    const { gateway, cortex } = await openFeed({ cortex: json(200, [record('r_1', 1)]), settings })
    const { nodes } = await readJobs(gateway, { filter: { cortexCollectionIds: ['col_9'] }, first: 3 })
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(cortex.requests.map(sortedRequest)).toEqual(['/apps/c/collections/col_9/records?page=1&take=20'])
  })
})

describe('a vendor that is not configured', () => {
  async function withoutKodexa(): Promise<{ gateway: TestGateway; cortex: ScriptedVendor }> {
    const cortex = await startScriptedVendor(json(200, [record('r_1', 1)]))
    const gateway = openGateway([
      cortexAt(cortex.url, { workflowIds: [] }),
      unconfiguredVendor('KODEXA', ['Execution']),
    ])
    closeAfterTest(gateway.close, cortex.close)
    return { gateway, cortex }
  }

  it('is not missed by those who did not ask for it', async () => {
    const { nodes, outages } = await readJobs((await withoutKodexa()).gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(outages).toEqual([])
  })

  it('is an outage for those who did, and the jobs of the other stand', async () => {
    const { gateway } = await withoutKodexa()
    const both = await readJobs(gateway, { filter: { vendors: ['CORTEX', 'KODEXA'] } })
    expect(both.nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(both.outages).toEqual([
      { vendor: 'KODEXA', source: null, code: 'VENDOR_NOT_CONFIGURED', retryAfterSeconds: null },
    ])
    const alone = await readJobs(gateway, { filter: { vendors: ['KODEXA'] } })
    expect(alone.nodes).toEqual([])
    expect(alone.outages).toEqual([
      { vendor: 'KODEXA', source: null, code: 'VENDOR_NOT_CONFIGURED', retryAfterSeconds: null },
    ])
  })
})

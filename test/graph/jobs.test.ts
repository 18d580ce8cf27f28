import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { cortexPages, execution, kodexaPages, record } from '../support/feed-rows.js'
import type { TestGateway } from '../support/gateway.js'
import {
  type FeedJob,
  JOBS_QUERY,
  type JobsPage,
  type JobsVariables,
  openFeed,
  readAllJobs,
  readJobs,
  vendorIds,
} from '../support/job-feed.js'
import { json } from '../support/scripted-vendor.js'

describe('the jobs of both sandboxes', () => {
  const SOURCES = [
    'records(collectionId: "col_invoices", first: 100',
    'records(collectionId: "col_loans", first: 100',
    'workflowRuns(workflowId: "work_classify", first: 100',
    'workflowRuns(workflowId: "work_extract", first: 100',
    'workflowRuns(workflowId: "work_verify", first: 100',
    'executions(first: 100',
  ]

  async function readSource(gateway: TestGateway, source: string, after: string | null = null): Promise<FeedJob[]> {
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

  async function everyJob(gateway: TestGateway): Promise<FeedJob[]> {
    const all = (await Promise.all(SOURCES.map((source) => readSource(gateway, source)))).flat()
    expect(all).toHaveLength(502)
    return all
  }

  const times = (rows: readonly FeedJob[]) => rows.map(({ createdAt }) => Date.parse(createdAt!))
  const newestFirst = (rows: readonly FeedJob[]) => times(rows).sort((a, b) => b - a)

  it('are one list, newest first', async () => {
    const gateway = await openSandboxedForTest()
    const { nodes, edges, outages } = await readJobs(gateway, { first: 60 })
    expect(outages).toEqual([])
    expect(times(nodes)).toEqual(newestFirst(await everyJob(gateway)).slice(0, 60))
    expect(new Set(nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
    expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id))
  })

  it.each([{ first: 100 }, { first: [30, 100, 7] }])(
    'are each listed once, down to the oldest of each source: %j',
    async ({ first }) => {
      const gateway = await openSandboxedForTest()
      const all = await everyJob(gateway)
      const found = (await readAllJobs(gateway, { first })).flatMap(({ nodes }) => nodes)
      expect(times(found)).toEqual(newestFirst(all))
      expect(found.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
    },
  )

  it('are twenty by default', async () => {
    const { nodes, pageInfo, edges } = await readJobs(await openSandboxedForTest())
    expect(nodes).toHaveLength(20)
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]!.cursor,
      endCursor: edges.at(-1)!.cursor,
    })
  })

  it('continue after any cursor', async () => {
    const gateway = await openSandboxedForTest()
    const { edges } = await readJobs(gateway, { first: 20 })
    for (const at of [0, 7, 18]) {
      const page = await readJobs(gateway, { first: 1, after: edges[at]!.cursor })
      expect(page.edges).toEqual([edges[at + 1]])
      expect(page.pageInfo.hasPreviousPage).toBe(true)
    }
  })
})

describe('a list of jobs', () => {
  it('lists jobs without a creation date last', async () => {
    const { gateway } = await openFeed({
      cortex: json(200, [record('r_none', null), record('r_3', 3)]),
      kodexa: kodexaPages([execution('e_none', null), execution('e_5', 5), execution('e_1', 1)]),
    })
    const { nodes } = await readJobs(gateway)
    expect(nodes.slice(0, 3).map(({ vendorId }) => vendorId)).toEqual(['e_5', 'r_3', 'e_1'])
    expect(new Set(nodes.slice(3).map(({ vendorId }) => vendorId))).toEqual(new Set(['e_none', 'r_none']))
  })

  it.each([1, 2, 3, 10])('lists jobs with the same timestamp once each, %d at a time', async (first) => {
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

  it('lists a job of two lists once', async () => {
    const { gateway, cortex } = await openFeed({ cortex: json(200, [record('r_1', 1), record('r_2', 2)]) })
    const { nodes } = await readJobs(gateway, { filter: { cortexCollectionIds: ['col_1', 'col_1'] } })
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_2', 'r_1'])
    expect(cortex.requests.length).toBeGreaterThan(0)
  })

  it('lists records of two collections with the same id twice', async () => {
    const { gateway } = await openFeed({
      cortex: json(200, [record('r_1', 1)]),
      settings: { collectionIds: ['col_1', 'col_2'] },
    })
    const { nodes } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1', 'r_1'])
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(2)
  })

  it('repeats nothing and skips nothing while new jobs arrive', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => execution(`e_${at}`, 100 - at))
    const { gateway, kodexa } = await openFeed({ kodexa: kodexaPages(rows) })
    const first = await readJobs(gateway, { first: 10 })
    kodexa.answer(kodexaPages([execution('new_1', 300), execution('new_2', 200), ...rows]))
    const second = await readJobs(gateway, { first: 100, after: first.pageInfo.endCursor })
    expect(vendorIds([first, second])).toEqual(rows.map(({ id }) => id))
  })

  it('has no next page at its end', async () => {
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

  it('filters out other statuses that a vendor returns', async () => {
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

  it.each([5, 20, 100])('finds the status UNKNOWN anywhere in a list, %d at a time', async (first) => {
    const rows = (unknownAt: number) =>
      Array.from({ length: 190 }, (_, at) => (at === unknownAt ? 'PAUSED' : 'RUNNING'))
    const { gateway } = await openFeed({
      cortex: cortexPages(rows(30).map((status, at) => record(`r_${at}`, 400 - at, status))),
      kodexa: kodexaPages(rows(160).map((status, at) => execution(`e_${at}`, 300 - at, status))),
    })
    expect(vendorIds(await readAllJobs(gateway, { first, filter: { statuses: ['UNKNOWN'] } }))).toEqual([
      'r_30',
      'e_160',
    ])
  })

  it('skips no match of one vendor when another vendor has its matches earlier', async () => {
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

  it('reads no more pages than it needs', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => execution(`e_${at}`, 400 - at))
    const { gateway, cortex, kodexa } = await openFeed({
      cortex: json(200, [record('r_1', 1)]),
      kodexa: kodexaPages(rows),
    })
    await readJobs(gateway, { first: 20 })
    expect(cortex.requests).toHaveLength(1)
    expect(kodexa.requests).toHaveLength(1)
  })

  it('has a next page when matches may be beyond the pages that one query reads', async () => {
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

  it('lists every job, however long the lists of the vendors are', async () => {
    const rows = Array.from({ length: 2150 }, (_, at) => execution(`e_${at}`, 3000 - at))
    const { gateway } = await openFeed({ kodexa: kodexaPages(rows) })
    const ids = vendorIds(await readAllJobs(gateway, { first: 100, filter: { vendors: ['KODEXA'] } }))
    expect(ids).toEqual(rows.map(({ id }) => id))
  })

  it.each<[string, JobsVariables]>([
    ['first: 0', { first: 0 }],
    ['first: 101', { first: 101 }],
    ['an invalid cursor', { after: 'nonsense' }],
    ['an empty cursor', { after: '' }],
    ['an invalid collection id', { filter: { cortexCollectionIds: ['a/b'] } }],
    ['an invalid workflow id', { filter: { cortexWorkflowIds: ['..'] } }],
  ])('rejects %s before anything is sent', async (_what, variables) => {
    const { gateway, cortex, kodexa } = await openFeed({})
    const { status, errors } = await gateway.query(JOBS_QUERY, variables)
    expect(status).toBe(200)
    expect(errors).toMatchObject([{ path: ['jobs'], extensions: { code: 'BAD_INPUT' } }])
    expect([...cortex.requests, ...kodexa.requests]).toEqual([])
  })

  it('rejects the cursor of another list', async () => {
    const gateway = await openSandboxedForTest()
    const { data } = await gateway.query('{ executions(first: 1) { pageInfo { endCursor } } }')
    const { errors } = await gateway.query('query ($after: String) { jobs(after: $after) { nodes { id } } }', {
      after: data.executions.pageInfo.endCursor,
    })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })
})

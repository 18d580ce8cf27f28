import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { maxPageReads } from '../../../src/feed/page-quota.js'
import { DEFAULT_LIMITS } from '../../../src/server/limits/limits.js'
import type { CortexSettings } from '../../../src/vendors/cortex/settings.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type Script } from '../../support/scripted-vendor.js'
import { openSandboxedGateway, type SandboxedGateway } from '../../support/sandboxes.js'
import { runCount } from '../../support/run-count.js'

const OPERATIONS = new URL('../../../schema/operations/', import.meta.url)

describe('the cost of the example operations', () => {
  let sandboxed: SandboxedGateway
  beforeAll(async () => {
    // Every cost is refused, and so said.
    sandboxed = await openSandboxedGateway({ gateway: { limits: { cost: -1 } } })
  })
  afterAll(() => sandboxed.close())

  it.each([
    ['1-jobs', 66],
    ['2-record', 3],
    ['3-workflow-run', 4],
    ['4-execution', 10],
    ['5-cancel-record', 2],
    ['6-cancel-workflow-run', 2],
    ['7-cancel-execution', 2],
    ['8-statuses', 10],
    ['9-watch', 2],
  ])('%s: %i', async (name, cost) => {
    const { errors } = await sandboxed.query(readFileSync(new URL(`${name}.graphql`, OPERATIONS), 'utf8'))
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(`could take ${cost} vendor requests`),
    ])
  })

  it('is known of each of them', () => expect(readdirSync(OPERATIONS)).toHaveLength(9))
})

/** Cortex and Kodexa at one address, which answer whatever makes for the most requests. */
async function startWorst(
  script: Script,
  cortex: Partial<CortexSettings> = {},
): Promise<TestGateway & { sent(): number }> {
  const vendor = await startScriptedVendor(script)
  const vendors = [
    cortexAt(vendor.url, { timeoutMs: 30_000, ...cortex }),
    kodexaAt(vendor.url, { timeoutMs: 30_000, dialect: { filter: 'colon', sort: 'comma', pageBase: 1 } }),
  ]
  const gateway = openGateway(vendors)
  onTestFinished(async () => {
    await gateway.close()
    await vendor.close()
  })
  let before = 0
  return {
    ...gateway,
    sent() {
      const count = vendor.requests.length - before
      before = vendor.requests.length
      return count
    },
  }
}

/** Where Cortex's places are to be found out. */
const NOWHERE: Partial<CortexSettings> = { collectionIds: [], workflowIds: [] }

/** Pages that are full of what nobody asked for, and never end. */
const junk: Script = (request, response) => {
  const url = new URL(request.url!, 'http://vendor.test')
  const page = Number(url.searchParams.get('page'))
  const take = Number(url.searchParams.get('take') ?? url.searchParams.get('pageSize') ?? 1)
  const [, cancelled] = /([^/]+)\/cancel$/.exec(url.pathname) ?? []
  const row = (at: number) => ({ id: `junk_${page}_${at}`, status: 'CANCELLED', created_at: '2026-01-01T00:00:00Z' })
  const rows = Array.from({ length: Math.min(take, 2) }, (_, at) => row(at))
  if (cancelled !== undefined) return json(409, { message: 'no' })(request, response)
  if (url.pathname === '/api/executions') {
    // The children's parent is another, so that none of them is wanted.
    const content = rows.map((one) => ({ ...one, parentExecutionId: 'other', createdOn: one.created_at }))
    return json(200, { content, totalElements: 100_000, totalPages: 1000, number: page })(request, response)
  }
  if (/\/(records|runs)$/.test(url.pathname))
    return json(200, rows, { 'pagination-count': '100000', 'pagination-take': String(rows.length) })(request, response)
  // Of places a few at a time, so that they take long to find out.
  if (/^\/apps\/c\/(collections|workflows)$/.test(url.pathname)) {
    const few = Array.from({ length: Math.min(take, 4) }, (_, at) => row(at))
    return json(200, few, { 'pagination-count': '100000', 'pagination-take': '4' })(request, response)
  }
  if (/status-messages$/.test(url.pathname)) return json(200, [])(request, response)
  return json(200, {
    id: url.pathname
      .split('/')
      .filter((part) => part !== 'status')
      .at(-1),
    status: 'RUNNING',
  })(request, response)
}

const RUNNING = 'statuses: [RUNNING]'
const ALL = 'statuses: [QUEUED, RUNNING, COMPLETED, FAILED, CANCELLED]'
const places = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `"col_${from + at}"`).join(' ')

describe('the worst that may be asked for', () => {
  it('takes as many requests as its cost, which is the limit', async () => {
    const worst = await startWorst(junk)
    // Three times 50 places, and 49 with Kodexa: of each fifty lists, 250 pages are read in vain.
    const ofCortex = (from: number) =>
      `jobs(filter: { vendors: [CORTEX] ${RUNNING} cortexCollectionIds: [${places(from, from + 50)}] }) { nodes { id } }`
    const query = `{
      a: ${ofCortex(0)} b: ${ofCortex(50)} c: ${ofCortex(100)}
      d: jobs(filter: { ${RUNNING} cortexCollectionIds: [${places(150, 199)}] }) { nodes { id } outages { message } }
    }`
    const { errors, data } = await worst.query(query)
    expect(errors).toEqual([])
    expect(data.d.outages).toEqual([])
    expect(worst.sent()).toBe(DEFAULT_LIMITS.cost)
    const more = await worst.query(query.replace('"col_150"', '"col_149" "col_150"'))
    expect(more.errors).toMatchObject([{ message: expect.stringMatching(/could take 1003 vendor requests/) }])
    expect(worst.sent()).toBe(0)
  })

  it.each([
    ['everything that has a state of its own, where nobody says where it is', NOWHERE, '', 201, 10],
    ['the same in fifty places', {}, `cortexCollectionIds: [${places(0, 50)}]`, 251, 0],
  ])('is allowed by default: %s', async (_what, cortex, filter, lists, discovery) => {
    const worst = await startWorst(junk, cortex)
    const { errors, data } = await worst.query(
      `{ jobs(filter: { ${ALL} ${filter} }) { nodes { id } outages { message } warnings { code } } }`,
    )
    expect(errors).toEqual([])
    expect(data.jobs.outages).toEqual([])
    expect(worst.sent()).toBe(maxPageReads(lists) + discovery)
  })

  it('takes as many as the limit of cancels allows twice over, when every one of them is refused', async () => {
    const worst = await startWorst(junk)
    const ids = Array.from({ length: DEFAULT_LIMITS.cancels }, (_, at) => jobId(at % 3, at))
    const { errors } = await worst.query('mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { outcome } }', { ids })
    expect(errors).toEqual([])
    expect(worst.sent()).toBe(2 * DEFAULT_LIMITS.cancels)
  })
})

function jobId(kind: number, at: number, place = at): string {
  if (kind === 0) return encodeJobId({ type: 'Record', path: ['c', `col_${place}`, `rec_${at}`] })
  if (kind === 1) return encodeJobId({ type: 'WorkflowRun', path: ['c', `work_${place}`, `run_${at}`] })
  return encodeJobId({ type: 'Execution', path: [`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`] })
}

describe('the cost of an operation', () => {
  const kinds = fc.integer({ min: 0, max: 2 })
  // Several of one place are looked for in its list.
  const id = fc
    .tuple(kinds, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
    .map(([kind, at, place]) => jobId(kind, at, place))
  const ids = fc.array(id, { minLength: 1, maxLength: 40 }).map((list) => JSON.stringify(list))
  const first = fc.integer({ min: 1, max: 12 })
  const below = fc.constantFrom(
    'id',
    '... on Job { status }',
    '... on Job { name } ... on Record { errors { key } }',
    '... on Record { errors { key } isTerminal } ... on WorkflowRun { record { name errors { key } } }',
    '... on Execution { statusMessages { title } parent { name children(first: 2) { totalCount } } }',
    '... on WorkflowRun { output { key } record { rules { run { record { id } } } } } ... on Execution { children(first: 3) { nodes { parent { id } } } }',
  )
  const field = fc.oneof(
    fc.tuple(ids, below).map(([list, set]) => `nodes(ids: ${list}) { ${set} }`),
    fc.tuple(id, below).map(([one, set]) => `node(id: ${JSON.stringify(one)}) { ${set} }`),
    fc
      .tuple(first, below, fc.constantFrom('RUNNING', 'QUEUED', 'CANCELLED', 'QUEUED, RUNNING'))
      .map(([n, set, word]) => `jobs(first: ${n}, filter: { statuses: [${word}] }) { nodes { ${set} } }`),
    fc
      .tuple(first, below)
      .map(
        ([n, set]) =>
          `executions(first: ${n}, status: [RUNNING]) { nodes { ${set.replaceAll(/\.\.\. on (Record|WorkflowRun) \{.*?\} ?\}? ?\}?/g, '') || 'id'} } }`,
      )
      .filter((text) => (text.match(/\{/g) ?? []).length === (text.match(/\}/g) ?? []).length),
    fc
      .tuple(first)
      .map(([n]) => `records(collectionId: "col_1", first: ${n}, status: [CANCELLED]) { nodes { errors { key } } }`),
    fc.constant('vendors { reachable latencyMs outage { code } }'),
  )
  const operation = fc
    .array(field, { minLength: 1, maxLength: 4 })
    .map((fields) => `{ ${fields.map((text, at) => `f${at}: ${text}`).join(' ')} }`)

  it.each([
    ['full of what nobody asked for', junk],
    ['that know nothing', json(404, { message: 'no' })],
    ['that fail', json(500, {})],
  ])(
    'is never less than the requests that it takes, with vendors %s',
    async (_what, script) => {
      await fc.assert(
        fc.asyncProperty(operation, fc.constantFrom({}, NOWHERE), async (query, places) => {
          const vendor = await startScriptedVendor(script)
          const settings = { dialect: { filter: 'colon', sort: 'comma', pageBase: 1 } } as const
          const open = (cost: number) =>
            openGateway([cortexAt(vendor.url, places), kodexaAt(vendor.url, settings)], { limits: { cost } })
          const [measuring, running] = [open(-1), open(Infinity)]
          try {
            const { errors } = await measuring.query(query)
            const cost = Number(/could take (\d+)/.exec(errors[0]!.message)?.[1])
            expect(vendor.requests).toEqual([])
            const { status } = await running.query(query)
            expect(status).toBe(200)
            expect(vendor.requests.length).toBeLessThanOrEqual(cost)
          } finally {
            await Promise.all([measuring.close(), running.close()])
            await vendor.close()
          }
        }),
        { numRuns: runCount(40, 8) },
      )
    },
    60_000,
  )
})

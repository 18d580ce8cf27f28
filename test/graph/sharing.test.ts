import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { createSharedState, type SharedStateOptions } from '../../src/reads/shared-state.js'
import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import type { KodexaSettings } from '../../src/vendors/kodexa/settings.js'
import { closeAfterTest, sandboxed } from '../support/closing.js'
import { openGateway, type QueryOptions, type TestGateway } from '../support/gateway.js'
import {
  byRoute,
  cortexAt,
  inTurn,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import { Secret } from '../../src/job/secret.js'

interface SharedGateway {
  readonly gateway: TestGateway
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
}

interface SharedGatewayOptions {
  readonly cortex?: Script
  readonly kodexa?: Script
  readonly sharing?: Partial<SharedStateOptions>
  readonly cortexSettings?: Partial<CortexSettings>
  readonly kodexaSettings?: Partial<KodexaSettings>
  readonly gateway?: Partial<GatewayOptions>
}

const openSharedState = (options: Partial<SharedStateOptions> = {}) => createSharedState({ log: silentLog, ...options })
/** Nothing is forgotten while a test runs. */
const LONG_TTL = { liveMs: 600_000, terminalMs: 600_000 }

async function openSharedGateway(options: SharedGatewayOptions = {}): Promise<SharedGateway> {
  const [cortex, kodexa] = [await startScriptedVendor(options.cortex), await startScriptedVendor(options.kodexa)]
  const sharing = openSharedState(options.sharing ?? LONG_TTL)
  const gateway = openGateway(
    [
      cortexAt(cortex.url, options.cortexSettings, { sharedState: sharing }),
      kodexaAt(kodexa.url, options.kodexaSettings, { sharedState: sharing }),
    ],
    options.gateway,
  )
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}

/** The data, where nothing went wrong. */
async function queryData(gateway: TestGateway, source: string, variables: object = {}, options: QueryOptions = {}) {
  const { data, errors } = await gateway.query(source, variables, options)
  expect(errors).toEqual([])
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- its shape is the query's
  return data
}

const idOf = {
  execution: (id: string) => encodeJobId({ type: 'Execution', path: [id] }),
  record: (id: string, collection = 'col_1') => encodeJobId({ type: 'Record', path: ['c', collection, id] }),
  run: (id: string, workflow = 'work_1') => encodeJobId({ type: 'WorkflowRun', path: ['c', workflow, id] }),
}

const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`)
const NODES_QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status name } } }'
const EXECUTION_QUERY = 'query ($id: ID!) { execution(by: { executionId: $id }) { vendorId status vendorStatus } }'
const CANCEL_MUTATION = `mutation ($id: ID!) {
  cancelExecution(by: { executionId: $id }) {
    ... on CancelExecutionSuccess { outcome execution { status } }
    ... on Error { code }
  }
}`

const executionResponse = (status: string, id = 'exe_1') => json(200, { id, status, createdOn: '2026-03-01T12:00:00Z' })
/** Every job there is, and lists of 25 of them. */
const recordsResponse: Script = (request, response) => {
  const [, place, id] = /\/(?:collections|workflows)\/(\w+)\/(?:records|runs)(?:\/(\w+))?/.exec(request.url!) ?? []
  const row = (rowId: string) => ({ id: rowId, name: rowId, status: 'COMPLETED' })
  json(200, id ? row(id) : numbered(25, `${place}_`).reverse().map(row))(request, response)
}

/** Answers that wait until they are let go. */
function holdResponses(script: Script): { script: Script; count(): number; release(): void } {
  const waiting: (() => void)[] = []
  return {
    script: (request, response) => void waiting.push(() => script(request, response)),
    count: () => waiting.length,
    release: () => waiting.splice(0).forEach((answer) => answer()),
  }
}

let passedMs = 0

beforeEach(() => {
  passedMs = 0
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs)
})
afterEach(() => void vi.restoreAllMocks())

/** Lets time pass for what is kept, which looks at its clock once a millisecond. */
async function advanceClock(ms: number): Promise<void> {
  passedMs += ms
  await delay(5)
}

describe('what many jobs by their ids cost', () => {
  it('is three calls at most for a hundred executions', async () => {
    const gateway = await sandboxed({ sharing: openSharedState() })
    const list = await queryData(gateway, '{ executions(first: 100) { nodes { id } } }')
    const ids = (list.executions.nodes as { id: string }[]).map(({ id }) => id).reverse()
    gateway.takeRequests()
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect((nodes as { id: string }[]).map(({ id }) => id)).toEqual(ids)
    expect(gateway.takeRequests().kodexa.length).toBeLessThanOrEqual(3)
  })

  it('is two calls at most for sixty records of one collection', async () => {
    const rows = numbered(80, 'rec_').map((id) => ({ id, name: `name of ${id}`, status: 'COMPLETED' }))
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({ 'GET /apps/c/collections/col_1/records': json(200, [...rows].reverse()) }),
    })
    const ids = numbered(60, 'rec_').map((id) => idOf.record(id))
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect(nodes).toEqual(
      numbered(60, 'rec_').map((id) => ({ id: idOf.record(id), status: 'COMPLETED', name: `name of ${id}` })),
    )
    expect(cortex.requests.length).toBeLessThanOrEqual(2)
  })

  it('is six calls at most for sixty runs of three workflows', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const ids = numbered(60, '').map((at) => {
      const workflow = `work_${(Number(at) % 3) + 1}`
      return idOf.run(`${workflow}_${Math.ceil(Number(at) / 3)}`, workflow)
    })
    expect(new Set(ids).size).toBe(60)
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect(nodes).toMatchObject(ids.map((id) => ({ id, status: 'COMPLETED' })))
    expect(cortex.requests.length).toBeLessThanOrEqual(6)
  })

  it('is one call for the same job under twenty aliases', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('RUNNING') })
    const aliases = numbered(20, 'alias').map((alias) => `${alias}: execution(by: { executionId: "exe_1" }) { status }`)
    await queryData(gateway, `{ ${aliases.join(' ')} }`)
    expect(kodexa.requests).toEqual(['GET /api/executions/exe_1'])
  })

  it('is a call for each record whose validation errors are selected, and no list', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: json(200, { status: 'FAILED', errors: [] }) })
    const errors = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { status errors { key } } } }'
    await queryData(gateway, errors, { ids: numbered(5, 'rec_').map((id) => idOf.record(id)) })
    expect([...cortex.requests].sort()).toEqual(
      numbered(5, 'rec_').map((id) => `GET /apps/c/collections/col_1/records/${id}/status`),
    )
  })

  it('is one call each for different selections of one job at the same time', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const record = (fields: string) => `{ record(by: { id: "${idOf.record('rec_1')}" }) { ${fields} } }`
    await Promise.all([
      queryData(gateway, record('status')),
      queryData(gateway, record('name')),
      queryData(gateway, record('vendorId')),
    ])
    expect(cortex.requests).toEqual(['GET /apps/c/collections/col_1/records/rec_1'])
  })
})

describe('two hundred callers who ask the same at the same time', () => {
  const crowd = (gateway: TestGateway, source: string, variables: object = {}) =>
    Promise.all(Array.from({ length: 200 }, () => queryData(gateway, source, variables)))
  const nothingKept = { liveMs: 0, terminalMs: 0 }

  it('for one job cost two calls at most', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('RUNNING'), sharing: nothingKept })
    const answers = await crowd(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(answers).toEqual(
      Array(200).fill({ execution: { vendorId: 'exe_1', status: 'RUNNING', vendorStatus: 'RUNNING' } }),
    )
    expect(kodexa.requests.length).toBeLessThanOrEqual(2)
  })

  it('for a list cost two calls at most', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: json(200, { content: [{ id: 'exe_1', status: 'RUNNING' }], totalElements: 1 }),
      sharing: nothingKept,
    })
    const answers = await crowd(gateway, '{ executions(first: 50) { totalCount nodes { vendorId } } }')
    expect(answers).toEqual(Array(200).fill({ executions: { totalCount: 1, nodes: [{ vendorId: 'exe_1' }] } }))
    expect(kodexa.requests.length).toBeLessThanOrEqual(2)
  })

  it('for fifty jobs cost two calls at most', async () => {
    const gateway = await sandboxed({ sharing: openSharedState(nothingKept) })
    const list = await queryData(gateway, '{ executions(first: 50) { nodes { id } } }')
    const ids = (list.executions.nodes as { id: string }[]).map(({ id }) => id)
    gateway.takeRequests()
    for (const { nodes } of await crowd(gateway, NODES_QUERY, { ids }))
      expect(nodes).toMatchObject(ids.map((id) => ({ id })))
    expect(gateway.takeRequests().kodexa.length).toBeLessThanOrEqual(2)
  })

  it('for the list of all jobs cost no more than one of them does', async () => {
    const gateway = await sandboxed({ sharing: openSharedState(nothingKept) })
    await queryData(gateway, '{ jobs(first: 10) { nodes { id } } }')
    const { cortex, kodexa } = gateway.takeRequests()
    await crowd(gateway, '{ jobs(first: 10) { nodes { id } } }')
    const together = gateway.takeRequests()
    expect(together.cortex.length).toBeLessThanOrEqual(2 * cortex.length)
    expect(together.kodexa.length).toBeLessThanOrEqual(2 * kodexa.length)
  })
})

describe('a query that follows shortly', () => {
  it.each([
    ['a job', EXECUTION_QUERY, executionResponse('RUNNING')],
    ['a list', '{ executions { nodes { vendorId } } }', json(200, { content: [], totalElements: 0 })],
    ['a job that does not exist', EXECUTION_QUERY, json(404, {})],
  ])('costs nothing for as long as what is not final may be kept: %s', async (_what, source, script) => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: script, sharing: {} })
    const variables = { id: 'exe_1' }
    const first = await queryData(gateway, source, variables)
    expect(await queryData(gateway, source, variables)).toEqual(first)
    expect(kodexa.requests).toHaveLength(1)
    await advanceClock(1001)
    await queryData(gateway, source, variables)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('costs nothing for a minute where the job has ended', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('SUCCEEDED'), sharing: {} })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await advanceClock(50_000)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(1)
    await advanceClock(10_001)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('reads through when it says no-cache, and what it read is kept', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: inTurn(executionResponse('RUNNING'), executionResponse('SUCCEEDED')),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    const headers = { 'cache-control': 'max-age=0, No-Cache' }
    const fresh = await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' }, { headers })
    expect(fresh).toMatchObject({ execution: { status: 'COMPLETED' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toEqual(fresh)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('reads lists through as well when it says no-cache', async () => {
    const page = (id: string) => json(200, { content: [{ id, status: 'RUNNING' }], totalElements: 1 })
    const { gateway, kodexa } = await openSharedGateway({ kodexa: inTurn(page('exe_1'), page('exe_2')) })
    const source = '{ executions { nodes { vendorId } } }'
    await queryData(gateway, source)
    const fresh = await queryData(gateway, source, {}, { headers: { 'cache-control': 'no-cache' } })
    expect(fresh.executions.nodes).toEqual([{ vendorId: 'exe_2' }])
    expect(await queryData(gateway, source)).toEqual(fresh)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('is not answered by a failure', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: inTurn(json(500, {}), executionResponse('RUNNING')) })
    const { errors } = await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }])
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'RUNNING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('is answered by what came along with other jobs', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    await queryData(gateway, NODES_QUERY, { ids: [idOf.record('col_1_1'), idOf.record('col_1_2')] })
    await queryData(gateway, NODES_QUERY, { ids: numbered(25, 'col_1_').map((id) => idOf.record(id)) })
    expect(cortex.requests).toHaveLength(1)
  })

  it('has a call of its own where more is selected than was read', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const record = (fields: string) => `{ record(by: { id: "${idOf.record('rec_1')}" }) { ${fields} } }`
    for (const fields of ['status', 'vendorId', 'name', 'createdAt', 'rules { run { id } }', 'name', 'status'])
      await queryData(gateway, record(fields))
    const path = 'GET /apps/c/collections/col_1/records/rec_1'
    expect(cortex.requests).toEqual([`${path}/status`, path, `${path}?verbose=all`])
  })

  it('with another credential has a call of its own', async () => {
    const kodexa = await startScriptedVendor((request, response) =>
      executionResponse(request.headers['x-api-key'] === 'one' ? 'RUNNING' : 'SUCCEEDED')(request, response),
    )
    const sharing = openSharedState(LONG_TTL)
    const gateways = ['one', 'other'].map((apiKey) =>
      openGateway([kodexaAt(kodexa.url, { apiKey: new Secret(apiKey) }, { sharedState: sharing })]),
    )
    closeAfterTest(...gateways.map(({ close }) => close), kodexa.close)
    const answers = async () =>
      Promise.all(gateways.map((gateway) => queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' }) as Promise<object>))
    const each = [{ execution: { status: 'RUNNING' } }, { execution: { status: 'COMPLETED' } }]
    expect(await answers()).toMatchObject(each)
    expect(await answers()).toMatchObject(each)
    expect(kodexa.requests).toHaveLength(2)
  })
})

describe('after a cancel', () => {
  const cancellable = (get: Script, rest: Record<string, Script> = {}) =>
    byRoute({
      'PUT /api/executions/exe_1/cancel': executionResponse('CANCELLING'),
      'GET /api/executions/exe_1': get,
      ...rest,
    })

  it('a query shows what the vendor answered to it, without a call', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(executionResponse('RUNNING')) })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    const { cancelExecution } = await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect(cancelExecution).toEqual({ outcome: 'CANCELLING', execution: { status: 'CANCELLING' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'CANCELLING' },
    })
    expect(kodexa.requests).toEqual(['GET /api/executions/exe_1', 'PUT /api/executions/exe_1/cancel'])
  })

  it('a query shows what explained a refusal', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({
        'PUT .*': json(409, {}),
        'GET .*': inTurn(executionResponse('RUNNING'), executionResponse('SUCCEEDED')),
      }),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'NOT_CANCELLABLE',
    })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'COMPLETED' },
    })
    expect(kodexa.requests).toHaveLength(3)
  })

  it('lists are read anew', async () => {
    const page = (status: string) => json(200, { content: [{ id: 'exe_1', status }], totalElements: 1 })
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: cancellable(executionResponse('RUNNING'), {
        'GET /api/executions': inTurn(page('RUNNING'), page('CANCELLED')),
      }),
    })
    const source = '{ executions { nodes { status } } }'
    await queryData(gateway, source)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect((await queryData(gateway, source)).executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect((await queryData(gateway, source)).executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect(kodexa.requests.filter((line) => line.includes('?'))).toHaveLength(2)
  })

  it.each([
    [
      'records',
      'record(by: { ref: { collectionId: "col_1", recordId: "job_1" } })',
      'records(collectionId: "col_1")',
      'cancelRecord(by: { ref: { collectionId: "col_1", recordId: "job_1" } })',
    ],
    [
      'runs',
      'workflowRun(by: { ref: { workflowId: "work_1", runId: "job_1" } })',
      'workflowRuns(workflowId: "work_1")',
      'cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "job_1" } })',
    ],
  ])('the same goes for %s', async (_what, one, list, cancel) => {
    const job = {
      id: 'job_1',
      status: 'RUNNING',
      origin: 'ENDPOINT',
      created_at: '2026-03-01T12:00:00Z',
      collection_name: 'Invoices',
    }
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({
        'POST .*': json(200, { ...job, status: 'CANCELLED' }),
        'GET .*/job_1': json(200, job),
        'GET .*': inTurn(json(200, [job]), json(200, [{ ...job, status: 'CANCELLED' }])),
      }),
    })
    const source = `{ one: ${one} { status createdAt } list: ${list} { nodes { status } } }`
    const createdAt = '2026-03-01T12:00:00.000Z'
    const seen = async () => queryData(gateway, source) as Promise<object>
    expect(await seen()).toEqual({
      one: { status: 'RUNNING', createdAt },
      list: { nodes: [{ status: 'RUNNING' }] },
    })
    await queryData(gateway, `mutation { ${cancel} { __typename } }`)
    const cancelled = { one: { status: 'CANCELLED', createdAt }, list: { nodes: [{ status: 'CANCELLED' }] } }
    expect(await seen()).toEqual(cancelled)
    expect(await seen()).toEqual(cancelled)
    expect(cortex.requests).toHaveLength(2 + 1 + 1)
  })

  it("a record's validation errors are read anew", async () => {
    const errors = (key: string) => json(200, { id: 'rec_1', status: 'FAILED', errors: [{ key, message: 'no' }] })
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({
        'GET .*/status': inTurn(errors('before'), errors('after')),
        '.*': json(200, { id: 'rec_1', status: 'RUNNING' }),
      }),
    })
    const by = '(by: { ref: { collectionId: "col_1", recordId: "rec_1" } })'
    const source = `{ record${by} { name errors { key } } }`
    await queryData(gateway, source)
    await queryData(gateway, `mutation { cancelRecord${by} { __typename } }`)
    await queryData(gateway, source)
    expect(cortex.requests.filter((line) => line.endsWith('/status'))).toHaveLength(2)
  })

  it('a read that was begun before it does not bring the old state back', async () => {
    const old = holdResponses(executionResponse('RUNNING'))
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(old.script) })
    const early = queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await expect.poll(old.count).toBe(1)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    old.release()
    expect(await early).toMatchObject({ execution: { status: 'RUNNING' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'CANCELLING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('a list that was begun before it does not bring the old state back', async () => {
    const page = (status: string) => json(200, { content: [{ id: 'exe_1', status }], totalElements: 1 })
    const old = holdResponses(page('RUNNING'))
    const { gateway } = await openSharedGateway({
      kodexa: cancellable(executionResponse('RUNNING'), {
        'GET /api/executions': inTurn(old.script, page('CANCELLED')),
      }),
    })
    const source = '{ executions { nodes { status } } }'
    const early = queryData(gateway, source)
    await expect.poll(old.count).toBe(1)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    const late = await queryData(gateway, source)
    old.release()
    expect((await early).executions.nodes).toEqual([{ status: 'RUNNING' }])
    expect(late.executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect(await queryData(gateway, source)).toEqual(late)
  })

  it('a discoverable run can be read as it was answered, and then no more', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({ 'POST .*': json(200, { id: 'run_1', status: 'CANCELLED', origin: 'ENDPOINT' }) }),
      sharing: {},
    })
    const id = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] })
    const read = async () => {
      const { data, errors } = await gateway.query('query ($id: ID!) { job(id: $id) { status } }', { id })
      return (errors[0]?.extensions?.['code'] ?? data.job.status) as string
    }
    expect(await read()).toBe('VENDOR_UNSUPPORTED')
    await queryData(gateway, 'mutation ($id: ID!) { cancelJobs(ids: [$id]) { outcome } }', { id })
    expect(await read()).toBe('CANCELLED')
    await advanceClock(60_001)
    expect(await read()).toBe('VENDOR_UNSUPPORTED')
    expect(cortex.requests).toEqual(['POST /apps/c/workflows/discover/work_1/runs/run_1/cancel'])
  })

  it('that was answered with next to nothing, the rest is missing for a moment and then read', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({
        'PUT .*': json(200, { id: 'exe_1', status: 'CANCELLED' }),
        'GET .*': inTurn(executionResponse('RUNNING'), executionResponse('CANCELLED')),
      }),
      sharing: {},
    })
    const source = '{ execution(by: { executionId: "exe_1" }) { status createdAt } }'
    await queryData(gateway, source)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect(await queryData(gateway, source)).toMatchObject({ execution: { status: 'CANCELLED' } })
    await advanceClock(1001)
    expect(await queryData(gateway, source)).toEqual({
      execution: { status: 'CANCELLED', createdAt: '2026-03-01T12:00:00.000Z' },
    })
    expect(kodexa.requests).toHaveLength(3)
  })

  it('that failed, what was kept is still shown', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({ 'PUT .*': json(401, {}), 'GET .*': executionResponse('RUNNING') }),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'VENDOR_UNAUTHORIZED',
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('is sent each time, whatever is kept', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(executionResponse('CANCELLED')) })
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    await Promise.all([
      queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' }),
      queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' }),
    ])
    expect(kodexa.requests).toEqual(Array(4).fill('PUT /api/executions/exe_1/cancel'))
  })
})

describe('a caller who leaves', () => {
  const LIST = '{ executions { nodes { vendorId } } }'
  const anything: Script = (request, response) =>
    (request.url!.includes('?') ? json(200, { content: [], totalElements: 0 }) : executionResponse('RUNNING'))(
      request,
      response,
    )

  it.each([
    ['a job', EXECUTION_QUERY],
    ['a list', LIST],
  ])('does not disturb the others who wait for the same: %s', async (_what, source) => {
    const answer = holdResponses(anything)
    const { gateway, kodexa } = await openSharedGateway({ kodexa: answer.script })
    const leaver = new AbortController()
    const variables = { id: 'exe_1' }
    // The one who asked first, for whom it was sent.
    const left = gateway.query(source, variables, { signal: leaver.signal }).catch(() => 'left')
    await expect.poll(answer.count).toBe(1)
    const stays = [queryData(gateway, source, variables), queryData(gateway, source, variables)]
    await delay(20)
    leaver.abort()
    await left
    answer.release()
    expect(await Promise.all(stays)).toHaveLength(2)
    expect(kodexa.requests).toHaveLength(1)
  })

  it.each([
    ['a job', EXECUTION_QUERY],
    ['a list', LIST],
  ])('ends the request to the vendor when nobody else waits for it: %s', async (_what, source) => {
    let closed = 0
    const answer = holdResponses(anything)
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: (request, response) => {
        response.on('close', () => closed++)
        answer.script(request, response)
      },
    })
    const callers = [new AbortController(), new AbortController()]
    const variables = { id: 'exe_1' }
    const left = callers.map(({ signal }) => gateway.query(source, variables, { signal }).catch(() => 'left'))
    await expect.poll(answer.count).toBe(1)
    callers[0]!.abort()
    await delay(30)
    expect(closed).toBe(0)
    callers[1]!.abort()
    await expect.poll(() => closed).toBe(1)
    await Promise.all(left)
    kodexa.answer(anything)
    await queryData(gateway, source, variables)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('does not end the request that reads jobs of others as well', async () => {
    const answer = holdResponses(
      json(200, {
        content: [
          { id: 'exe_1', status: 'RUNNING' },
          { id: 'exe_2', status: 'RUNNING' },
        ],
      }),
    )
    const { gateway, kodexa } = await openSharedGateway({ kodexa: answer.script })
    const leaver = new AbortController()
    const left = gateway.query(EXECUTION_QUERY, { id: 'exe_1' }, { signal: leaver.signal }).catch(() => 'left')
    const stays = queryData(gateway, EXECUTION_QUERY, { id: 'exe_2' })
    await expect.poll(answer.count).toBe(1)
    expect(kodexa.requests[0]).toContain('filter')
    leaver.abort()
    await left
    answer.release()
    expect(await stays).toMatchObject({ execution: { vendorId: 'exe_2', status: 'RUNNING' } })
  })
})

describe('a budget', () => {
  const READ = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { id name } } }'
  /** Of as many collections, so that each is a call. */
  const recordIds = (count: number) => numbered(count, 'col_').map((collection) => idOf.record('rec_1', collection))
  const answered: Script = (request, response) =>
    json(200, { id: 'rec_1', name: 'a name', status: request.method === 'POST' ? 'CANCELLED' : 'RUNNING' })(
      request,
      response,
    )

  it('is kept to: what it has no room for in time is refused at once, and not sent', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: answered,
      cortexSettings: { requestsPerMinute: 20 },
      gateway: { deadlineMs: 1000 },
    })
    const { data, errors } = await gateway.query(READ, { ids: recordIds(50) })
    const sent = cortex.requests.length
    expect(sent).toBeGreaterThanOrEqual(1)
    expect(sent).toBeLessThanOrEqual(4)
    expect((data.nodes as unknown[]).filter((node) => node !== null)).toHaveLength(sent)
    expect(errors).toHaveLength(50 - sent)
    for (const { extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'VENDOR_RATE_LIMITED', vendor: 'CORTEX' })
      expect(extensions!['retryAfterSeconds']).toBeGreaterThanOrEqual(1)
      expect(extensions!['retryAfterSeconds']).toBeLessThanOrEqual(300)
    }
  })

  it('is kept to by many callers together, for whom what waits is gathered', async () => {
    const rows = numbered(90, 'rec_').map((id) => ({ id, name: id, status: 'RUNNING' }))
    const { gateway, cortex } = await openSharedGateway({
      cortex: (request, response) => {
        const [, id] = /\/records\/(\w+)/.exec(request.url!) ?? []
        json(200, id ? rows.find((row) => row.id === id) : rows)(request, response)
      },
      cortexSettings: { requestsPerMinute: 20 },
      // A minute's worth of them in three seconds.
      sharing: { liveMs: 0, terminalMs: 0, rateWindowMs: 3000 },
    })
    const answers = await Promise.all(
      numbered(90, 'rec_').map((id) => queryData(gateway, READ, { ids: [idOf.record(id)] }) as Promise<object>),
    )
    expect(answers).toEqual(numbered(90, 'rec_').map((id) => ({ nodes: [{ id: idOf.record(id), name: id }] })))
    expect(cortex.requests.length).toBeLessThanOrEqual(4)
  })

  it('lets a cancel go before a thousand reads that wait', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: answered,
      cortexSettings: { requestsPerMinute: 20 },
      gateway: { deadlineMs: 3_600_000 },
    })
    const caller = new AbortController()
    const ids = recordIds(1000)
    const reads = Array.from({ length: 10 }, (_, at) =>
      gateway.query(READ, { ids: ids.slice(at * 100, (at + 1) * 100) }, { signal: caller.signal }).catch(() => null),
    )
    await expect.poll(() => cortex.requests.length).toBeGreaterThan(0)
    const before = cortex.requests.length
    const cancel = 'mutation ($id: ID!) { cancelJobs(ids: [$id]) { outcome } }'
    expect((await queryData(gateway, cancel, { id: ids[999] })).cancelJobs).toEqual([{ outcome: 'CANCELLED' }])
    const at = cortex.requests.findIndex((line) => line.startsWith('POST'))
    expect(at).toBeLessThanOrEqual(before + 1)
    caller.abort()
    await Promise.all(reads)
  })

  it('is not spent on reads whose callers have left', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: answered,
      cortexSettings: { requestsPerMinute: 20 },
      sharing: { ...LONG_TTL, rateWindowMs: 600 },
    })
    const caller = new AbortController()
    const left = gateway.query(READ, { ids: recordIds(100) }, { signal: caller.signal }).catch(() => null)
    await expect.poll(() => cortex.requests.length).toBeGreaterThan(0)
    caller.abort()
    await left
    await delay(50)
    const sent = cortex.requests.length
    await delay(200)
    expect(cortex.requests).toHaveLength(sent)
    await queryData(gateway, READ, { ids: [idOf.record('rec_1', 'col_200')] })
    expect(cortex.requests).toHaveLength(sent + 1)
  })

  it('is shown, with what is left of it', async () => {
    const { gateway, cortex, kodexa } = await openSharedGateway({
      cortex: answered,
      cortexSettings: { requestsPerMinute: 500 },
    })
    const source = '{ vendors { vendor budget { limit remaining resetsInSeconds } } }'
    expect((await queryData(gateway, source)).vendors).toEqual([
      { vendor: 'CORTEX', budget: { limit: 500, remaining: 500, resetsInSeconds: 0 } },
      { vendor: 'KODEXA', budget: null },
    ])
    await queryData(gateway, READ, { ids: recordIds(20) })
    const [{ budget }] = (await queryData(gateway, source)).vendors
    expect(budget.limit).toBe(500)
    expect(budget.remaining).toBe(480)
    expect(budget.resetsInSeconds).toBeGreaterThan(0)
    expect(budget.resetsInSeconds).toBeLessThan(70)
    expect(cortex.requests).toHaveLength(20)
    expect(kodexa.requests).toEqual([])
  })
})

describe('a vendor that has had too much', () => {
  const tooMuch = json(429, {}, { 'retry-after': '60' })

  it('is left alone by later reads and cancels for as long as it said, while the other one is not', async () => {
    const { gateway, kodexa, cortex } = await openSharedGateway({ kodexa: tooMuch, cortex: recordsResponse })
    const first = await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    expect(first.errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 60 } }])
    for (const source of [EXECUTION_QUERY, '{ executions { nodes { id } } }']) {
      const { data, errors } = await gateway.query(source, { id: 'exe_2' })
      expect(Object.values(data as object)).toEqual([null])
      expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', vendor: 'KODEXA' } }])
      expect(errors[0]!.extensions!['retryAfterSeconds']).toBeGreaterThan(30)
      expect(errors[0]!.extensions!['retryAfterSeconds']).toBeLessThanOrEqual(60)
    }
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'VENDOR_RATE_LIMITED',
    })
    expect(kodexa.requests).toHaveLength(1)
    await queryData(gateway, NODES_QUERY, { ids: [idOf.record('rec_1')] })
    expect(cortex.requests).toHaveLength(1)

    kodexa.answer(executionResponse('RUNNING', 'exe_2'))
    await advanceClock(60_001)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_2' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('still shows what was kept', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: inTurn(executionResponse('RUNNING'), tooMuch) })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await gateway.query(EXECUTION_QUERY, { id: 'exe_2' })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'RUNNING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('shows no room until then', async () => {
    const { gateway } = await openSharedGateway({ kodexa: tooMuch, kodexaSettings: { requestsPerMinute: 500 } })
    await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    const { vendors } = await queryData(gateway, '{ vendors { vendor budget { remaining resetsInSeconds } } }')
    const { budget } = (vendors as { vendor: string; budget: { resetsInSeconds: number } }[]).find(
      ({ vendor }) => vendor === 'KODEXA',
    )!
    expect(budget).toMatchObject({ remaining: 0 })
    expect(budget.resetsInSeconds).toBeGreaterThan(30)
  })
})

import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { silentLog } from '../../../src/job/log.js'
import { createSharedState, type SharedStateOptions } from '../../../src/reads/shared-state.js'
import type { CortexSettings } from '../../../src/vendors/cortex/settings.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import {
  API_KEY,
  byRoute,
  cortexAt,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
} from '../../support/scripted-vendor.js'

const TRACED = { headers: { 'x-upstream-trace': '1' } }
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const RECORD = '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { name } }'
const BOTH = `{ a: execution(by: { executionId: "exe_1" }) { status } ${RECORD.slice(1)}`
const LIST = '{ executions { nodes { vendorId } } }'
const FULL = {
  calls: expect.any(Number),
  shared: expect.any(Number),
  cached: expect.any(Number),
  queuedMs: expect.any(Number),
} as unknown

interface Settings {
  readonly sharing?: Partial<SharedStateOptions>
  readonly cortex?: Partial<CortexSettings>
}

async function open(scripts: { cortex?: Script; kodexa?: Script } = {}, settings: Settings = {}): Promise<TestGateway> {
  const anything = { id: 'exe_1', name: 'a name', status: 'RUNNING' }
  const kodexa = await startScriptedVendor(
    scripts.kodexa ??
      byRoute({
        'GET /api/executions': json(200, { content: [anything], totalElements: 1 }),
        '.*': json(200, anything),
      }),
  )
  const cortex = await startScriptedVendor(scripts.cortex ?? json(200, { ...anything, id: 'rec_1' }))
  const sharing = createSharedState({ liveMs: 600_000, log: silentLog, ...settings.sharing })
  const gateway = openGateway(
    [
      cortexAt(cortex.url, settings.cortex, { sharedState: sharing }),
      kodexaAt(kodexa.url, {}, { sharedState: sharing }),
    ],
    { pollMs: 10 },
  )
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return gateway
}

async function costOf(gateway: TestGateway, source: string): Promise<unknown> {
  const { extensions } = await gateway.query(source, {}, TRACED)
  return extensions?.['upstream']
}

describe('the upstream trace', () => {
  it('has four numbers for each vendor', async () => {
    const gateway = await open()
    const { data, errors, extensions } = await gateway.query(BOTH, {}, TRACED)
    expect(errors).toEqual([])
    expect(data).toMatchObject({ a: { status: 'RUNNING' }, record: { name: 'a name' } })
    expect(extensions).toEqual({ upstream: { CORTEX: FULL, KODEXA: FULL } })
    expect(extensions).toMatchObject({
      upstream: { CORTEX: { calls: 1, shared: 0, cached: 0 }, KODEXA: { calls: 1, shared: 0, cached: 0 } },
    })
  })

  it.each([
    ['the header is missing', {}],
    ['the header is 0', { 'x-upstream-trace': '0' }],
    ['the header is true', { 'x-upstream-trace': 'true' }],
    ['the header is empty', { 'x-upstream-trace': '' }],
    ['the header is repeated', { 'x-upstream-trace': '1, 1' }],
  ])('is missing when %s', async (_what, headers) => {
    const gateway = await open()
    const { text, extensions } = await gateway.query(EXECUTION, {}, { headers })
    expect(extensions).toBeUndefined()
    expect(text).not.toContain('upstream')
  })

  it('leaves out vendors without reads', async () => {
    const gateway = await open()
    expect(await costOf(gateway, EXECUTION)).toEqual({ KODEXA: FULL })
    expect(await costOf(gateway, RECORD)).toEqual({ CORTEX: FULL })
    expect(await costOf(gateway, '{ __typename }')).toEqual({})
    expect(await costOf(gateway, '{ vendors { vendor mode } }')).toEqual({})
  })

  it('counts reads answered by the cache', async () => {
    const gateway = await open()
    for (const source of [EXECUTION, LIST]) {
      expect(await costOf(gateway, source)).toMatchObject({ KODEXA: { calls: 1, cached: 0 } })
      expect(await costOf(gateway, source)).toEqual({ KODEXA: { calls: 0, shared: 0, cached: 1, queuedMs: 0 } })
    }
  })

  it('counts each job once, whatever the number of aliases', async () => {
    const gateway = await open()
    const aliases = (count: number) =>
      `{ ${Array.from({ length: count }, (_, at) => `a${at}: ${EXECUTION.slice(1, -1)}`).join(' ')} }`
    expect(await costOf(gateway, aliases(20))).toMatchObject({ KODEXA: { calls: 1, shared: 0, cached: 0 } })
    expect(await costOf(gateway, aliases(20))).toMatchObject({ KODEXA: { calls: 0, shared: 0, cached: 1 } })
  })

  it.each([
    ['a job', EXECUTION],
    ['a list', LIST],
  ])('counts a shared read as a call for one operation only: %s', async (_what, source) => {
    const gateway = await open({}, { sharing: { liveMs: 0, terminalMs: 0 } })
    const costs = await Promise.all(Array.from({ length: 10 }, () => costOf(gateway, source)))
    const kodexa = costs.map((cost) => (cost as { KODEXA: { calls: number; shared: number } }).KODEXA)
    expect(kodexa.reduce((sum, { calls }) => sum + calls, 0)).toBe(1)
    expect(kodexa.reduce((sum, { shared }) => sum + shared, 0)).toBe(9)
    for (const { calls, shared } of kodexa) expect(calls + shared).toBe(1)
  })

  it('counts a batch as a call for one operation only', async () => {
    const rows = ['exe_1', 'exe_2', 'exe_3'].map((id) => ({ id, status: 'RUNNING' }))
    const gateway = await open({ kodexa: json(200, { content: rows, totalElements: 3 }) })
    const costs = await Promise.all(rows.map(({ id }) => costOf(gateway, EXECUTION.replace('exe_1', id))))
    expect(costs).toMatchObject([
      { KODEXA: { calls: 1, shared: 0 } },
      { KODEXA: { calls: 0, shared: 1 } },
      { KODEXA: { calls: 0, shared: 1 } },
    ])
  })

  it('counts cancels, and the read that explains a rejected one', async () => {
    const cancel = 'mutation { cancelExecution(by: { executionId: "exe_1" }) { __typename } }'
    expect(await costOf(await open(), cancel)).toMatchObject({ KODEXA: { calls: 1, shared: 0, cached: 0 } })
    const rejected = await open({ kodexa: byRoute({ 'PUT .*': json(409, {}), '.*': json(200, { id: 'exe_1' }) }) })
    expect(await costOf(rejected, cancel)).toMatchObject({ KODEXA: { calls: 2 } })
  })

  it('has the time that requests waited for the budget', async () => {
    // Two at once, and one more every fifteenth of the window.
    const gateway = await open({}, { cortex: { requestsPerMinute: 20 }, sharing: { rateWindowMs: 1500 } })
    const records = Array.from(
      { length: 4 },
      (_, at) => `a${at}: ${RECORD.slice(1, -1).replace('col_1', `col_${at}`)}`,
    ).join(' ')
    const { CORTEX } = (await costOf(gateway, `{ ${records} }`)) as { CORTEX: { calls: number; queuedMs: number } }
    expect(CORTEX.calls).toBe(4)
    expect(CORTEX.queuedMs).toBeGreaterThan(50)
  })

  it('is present when a field fails', async () => {
    const gateway = await open({ kodexa: json(500, { message: 'out of order' }) })
    const { data, errors, extensions } = await gateway.query(BOTH, {}, TRACED)
    expect(data).toMatchObject({ a: null, record: { name: 'a name' } })
    expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'VENDOR_UNAVAILABLE' } }])
    expect(extensions).toMatchObject({ upstream: { CORTEX: { calls: 1 }, KODEXA: { calls: 1 } } })
  })

  it('is present when data is null', async () => {
    const { data, extensions } = await (
      await open()
    ).query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(101).fill('x') }, TRACED)
    expect(data).toBeNull()
    expect(extensions).toEqual({ upstream: {} })
  })

  it('is missing when the document was not executed', async () => {
    const { errors, extensions } = await (await open()).query('{ nonsense }', {}, TRACED)
    expect(errors).toHaveLength(1)
    expect(extensions).toBeUndefined()
  })

  it('contains no URL, key or header', async () => {
    const gateway = await open()
    const id = encodeJobId({ type: 'Execution', path: ['exe_1'] })
    const { extensions } = await gateway.query(`{ job(id: "${id}") { status } jobs { nodes { id } } }`, {}, TRACED)
    const trace = JSON.stringify(extensions)
    expect(trace).toMatch(/^\{"upstream":\{[\w{}":,.]+\}\}$/)
    for (const secret of [API_KEY, 'http', '127.0.0.1', 'exe_1', 'authorization', 'api-key', 'col_1'])
      expect(trace.toLowerCase()).not.toContain(secret.toLowerCase())
  })

  it('counts only its own operation', async () => {
    const gateway = await open({
      kodexa: (request, response) => {
        void delay(30).then(() => json(200, { id: 'exe_1', status: 'RUNNING' })(request, response))
      },
    })
    const [kodexa, cortex] = await Promise.all([costOf(gateway, EXECUTION), costOf(gateway, RECORD)])
    expect(kodexa).toEqual({ KODEXA: FULL })
    expect(cortex).toEqual({ CORTEX: FULL })
    expect(gateway.gateway.usage()).toMatchObject({ CORTEX: { calls: 1 }, KODEXA: { calls: 1 } })
  })

  it('is missing for subscriptions', async () => {
    const execution = (status: string) => json(200, { id: 'exe_1', status })
    const { gateway } = await open(
      { kodexa: inSequence(execution('RUNNING'), execution('SUCCEEDED')) },
      { sharing: { liveMs: 0, terminalMs: 0 } },
    )
    const id = encodeJobId({ type: 'Execution', path: ['exe_1'] })
    const response = await gateway.fetch(
      new Request('http://gateway.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...TRACED.headers },
        body: JSON.stringify({ query: `subscription { jobUpdated(id: "${id}") { status } }` }),
      }),
    )
    const text = await response.text()
    expect(text).toContain('COMPLETED')
    expect(text).not.toContain('extensions')
    expect(text).not.toContain('upstream')
  })
})

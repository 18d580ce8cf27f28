import { describe, expect, it } from 'vitest'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { closeAfterTest, openSandboxedForTest } from '../support/close-after-test.js'
import type { Vendor } from '../../src/job/vendor.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  API_KEY,
  byRoute,
  cortexAt,
  hang,
  resetConnection,
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

/** A gateway in front of Cortex alone, which answers so. */
async function inFrontOf(script: Script, timeoutMs = 2000): Promise<{ gateway: TestGateway; cortex: ScriptedVendor }> {
  const cortex = await startScriptedVendor(script)
  const gateway = openGateway([cortexAt(cortex.url, { timeoutMs })])
  closeAfterTest(gateway.close, cortex.close)
  return { gateway, cortex }
}

const EVERYTHING = `{
  vendors { vendor mode circuit reachable latencyMs outage { vendor source code message retryAfterSeconds } }
}`

interface Health {
  readonly vendor: string
  readonly mode: string
  readonly circuit: string
  readonly reachable: boolean
  readonly latencyMs: number | null
  readonly outage: {
    readonly vendor: string
    readonly source: string | null
    readonly code: string
    readonly message: string
    readonly retryAfterSeconds: number | null
  } | null
}

async function health(gateway: TestGateway): Promise<Health> {
  const { status, data, errors } = await gateway.query(EVERYTHING)
  expect(status).toBe(200)
  expect(errors).toEqual([])
  const [first]: Health[] = data.vendors
  return first!
}

describe("the vendors' health", () => {
  it('takes no request unless reachability is selected', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query('{ vendors { __typename vendor mode circuit budget { remaining } } }')
    expect(errors).toEqual([])
    expect(data.vendors).toEqual([
      { __typename: 'VendorHealth', vendor: 'CORTEX', mode: 'SANDBOX', circuit: 'CLOSED', budget: null },
      { __typename: 'VendorHealth', vendor: 'KODEXA', mode: 'SANDBOX', circuit: 'CLOSED', budget: null },
    ])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each([
    'reachable',
    'latencyMs',
    'outage { code }',
    'reachable latencyMs outage { code message } again: reachable circuit',
  ])('takes one request per vendor when it is: %s', async (fields) => {
    const gateway = await openSandboxedForTest()
    const { errors } = await gateway.query(`{ vendors { ${fields} } }`)
    expect(errors).toEqual([])
    expect(gateway.takeRequests()).toEqual({
      cortex: ['GET /apps/c/workflows?take=1'],
      kodexa: ['GET /api/executions?page=1&pageSize=1&sort=createdOn%2Cdesc'],
    })
  })

  it('is good when they respond', async () => {
    const { data, errors } = await (await openSandboxedForTest()).query(EVERYTHING)
    expect(errors).toEqual([])
    const vendors: Health[] = data.vendors
    expect(vendors).toMatchObject([
      { vendor: 'CORTEX', reachable: true, outage: null },
      { vendor: 'KODEXA', reachable: true, outage: null },
    ])
    for (const { latencyMs } of vendors) expect(latencyMs).toBeGreaterThan(0)
  })
})

describe('a vendor', () => {
  it.each<[string, Script]>([
    ['fails', json(500, { message: 'oops' })],
    ['hangs up', resetConnection],
  ])('that %s is not reachable', async (_what, script) => {
    const { gateway } = await inFrontOf(script)
    expect(await health(gateway)).toMatchObject({
      reachable: false,
      latencyMs: null,
      outage: { vendor: 'CORTEX', source: null, code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: null },
    })
  })

  it('that refuses the connection is not reachable', async () => {
    const { gateway, cortex } = await inFrontOf(json(200, []))
    await cortex.close()
    expect(await health(gateway)).toMatchObject({
      reachable: false,
      latencyMs: null,
      outage: { code: 'VENDOR_UNAVAILABLE' },
    })
  })

  it('that does not respond in time is not reachable', async () => {
    const { gateway } = await inFrontOf(hang, 50)
    expect(await health(gateway)).toMatchObject({
      reachable: false,
      latencyMs: null,
      outage: { code: 'VENDOR_TIMEOUT' },
    })
  })

  it('that sends Retry-After has it in the outage', async () => {
    const { gateway } = await inFrontOf(json(503, {}, { 'retry-after': '30' }))
    expect(await health(gateway)).toMatchObject({
      reachable: false,
      outage: { code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: 30 },
    })
  })

  it.each([401, 403])('that rejects the credential is reachable: %d', async (status) => {
    const { gateway } = await inFrontOf(json(status, { status, message: `no such key: ${API_KEY}` }))
    const answer = await health(gateway)
    expect(answer).toMatchObject({ reachable: true, outage: { code: 'VENDOR_UNAUTHORIZED', retryAfterSeconds: null } })
    expect(answer.latencyMs).toBeGreaterThan(0)
    expect(JSON.stringify(answer)).not.toContain(API_KEY)
  })

  it('that responds 429 is reachable, and has its Retry-After in the outage', async () => {
    const { gateway } = await inFrontOf(json(429, {}, { 'retry-after': '7' }))
    expect(await health(gateway)).toMatchObject({
      reachable: true,
      outage: { code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 7 },
    })
  })

  it('that responds with HTML is reachable, with an outage', async () => {
    const { gateway } = await inFrontOf(text(200, '<html>Log in</html>'))
    expect(await health(gateway)).toMatchObject({ reachable: true, outage: { code: 'VENDOR_BAD_RESPONSE' } })
  })

  it('that fails does not affect the others', async () => {
    const [cortex, kodexa] = [
      await startScriptedVendor(resetConnection),
      await startScriptedVendor(byRoute({ 'GET /api/executions': json(200, { content: [] }) })),
    ]
    const gateway = openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)])
    closeAfterTest(gateway.close, cortex.close, kodexa.close)
    const { data, errors } = await gateway.query(EVERYTHING)
    expect(errors).toEqual([])
    expect(data.vendors).toMatchObject([
      { vendor: 'CORTEX', mode: 'LIVE', reachable: false, outage: { code: 'VENDOR_UNAVAILABLE' } },
      { vendor: 'KODEXA', mode: 'LIVE', reachable: true, outage: null },
    ])
  })

  it('that is not configured is reported without a request', async () => {
    const gateway = openGateway([unconfiguredVendor('KODEXA', ['Execution'])])
    closeAfterTest(gateway.close)
    expect(await health(gateway)).toMatchObject({
      vendor: 'KODEXA',
      mode: 'NOT_CONFIGURED',
      circuit: 'CLOSED',
      reachable: false,
      latencyMs: null,
      outage: { vendor: 'KODEXA', code: 'VENDOR_NOT_CONFIGURED' },
    })
  })

  it('that fails unexpectedly is an INTERNAL error, and is logged', async () => {
    const broken: Vendor = {
      ...unconfiguredVendor('KODEXA', ['Execution']),
      open() {
        throw new TypeError('a secret of the implementation')
      },
    }
    const gateway = openGateway([broken])
    closeAfterTest(gateway.close)
    const { text: body, errors } = await gateway.query('{ vendors { reachable } }')
    expect(errors).toMatchObject([{ path: ['vendors', 0, 'reachable'], extensions: { code: 'INTERNAL' } }])
    expect(body).not.toContain('a secret of the implementation')
    expect(gateway.lines).toMatchObject([{ level: 'error' }])
  })
})

describe('the circuit of a vendor', () => {
  const circuit = async (gateway: TestGateway) => {
    const { data } = await gateway.query('{ vendors { circuit } }')
    return data.vendors[0].circuit as string
  }
  const fail = (gateway: TestGateway) => gateway.query('{ records(collectionId: "col_1") { totalCount } }')

  it('opens after ten failures in a row, then sends nothing', async () => {
    const { gateway, cortex } = await inFrontOf(json(500, {}))
    for (let failures = 0; failures < 9; failures++) await fail(gateway)
    expect(await circuit(gateway)).toBe('CLOSED')
    await fail(gateway)
    expect(await circuit(gateway)).toBe('OPEN')
    expect(cortex.requests).toHaveLength(10)

    const answer = await health(gateway)
    expect(answer).toMatchObject({
      circuit: 'OPEN',
      reachable: false,
      latencyMs: null,
      outage: { code: 'VENDOR_UNAVAILABLE' },
    })
    expect(answer.outage!.retryAfterSeconds).toBeGreaterThan(0)
    expect(cortex.requests).toHaveLength(10)
  })

  it('stays closed when a success is among them', async () => {
    const { gateway, cortex } = await inFrontOf(json(500, {}))
    for (let failures = 0; failures < 9; failures++) await fail(gateway)
    cortex.answer(json(200, []))
    await fail(gateway)
    cortex.answer(json(500, {}))
    for (let failures = 0; failures < 9; failures++) await fail(gateway)
    expect(await circuit(gateway)).toBe('CLOSED')
  })

  it.each([400, 401, 404])('stays closed on a status below 500: %d', async (status) => {
    const { gateway } = await inFrontOf(json(status, {}))
    for (let failures = 0; failures < 12; failures++) await fail(gateway)
    expect(await circuit(gateway)).toBe('CLOSED')
  })

  it('is separate for each vendor', async () => {
    const [cortex, kodexa] = [await startScriptedVendor(resetConnection), await startScriptedVendor(resetConnection)]
    const gateway = openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)])
    closeAfterTest(gateway.close, cortex.close, kodexa.close)
    for (let failures = 0; failures < 10; failures++) await gateway.query('{ executions { totalCount } }')
    const { data } = await gateway.query('{ vendors { vendor circuit } }')
    expect(data.vendors).toEqual([
      { vendor: 'CORTEX', circuit: 'CLOSED' },
      { vendor: 'KODEXA', circuit: 'OPEN' },
    ])
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { Secret } from '../../src/job/secret.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type Script } from '../support/scripted-vendor.js'
import { clientOf, serve } from '../support/websocket.js'

const RECORD = '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { status } }'
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const BOTH =
  '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { status } execution(by: { executionId: "exe_1" }) { status } }'
const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })

const cortexScript = json(200, { id: 'rec_1', status: 'RUNNING' })
const kodexaScript = json(200, { id: 'exe_1', status: 'RUNNING' })

afterEach(() => void vi.useRealTimers())

/** A gateway that holds no credential for either vendor, and keeps what it reads for a minute. */
async function open(scripts: { cortex?: Script; kodexa?: Script } = {}) {
  const cortex = await startScriptedVendor(scripts.cortex ?? cortexScript)
  const kodexa = await startScriptedVendor(scripts.kodexa ?? kodexaScript)
  const sharing = createSharedState({ liveMs: 60_000, log: silentLog })
  const opened = openGateway(
    [
      cortexAt(
        cortex.url,
        { apiKey: null, headers: { 'x-proxy': new Secret('of-the-gateway') } },
        { sharedState: sharing },
      ),
      kodexaAt(kodexa.url, { apiKey: null }, { sharedState: sharing }),
    ],
    { pollMs: 5 },
  )
  closeAfterTest(opened.close, cortex.close, kodexa.close)
  const as = (name: string, query: string) =>
    opened.query(query, {}, { headers: { 'x-cortex-api-key': `${name}-c`, 'x-kodexa-api-key': `${name}-k` } })
  return { ...opened, cortex, kodexa, as }
}

/** What is wrong, by vendor: `UNAUTHENTICATED CORTEX`. */
function codesOf({ errors }: Awaited<ReturnType<ReturnType<typeof openGateway>['query']>>): string[] {
  return errors.map(({ extensions }) => `${String(extensions?.code)} ${String(extensions?.vendor)}`)
}

describe('a gateway to which callers bring their own credentials', () => {
  it("sends each vendor the key that is for it, and the gateway's own headers", async () => {
    const { as, cortex, kodexa } = await open()
    expect((await as('ann', BOTH)).data).toEqual({ record: { status: 'RUNNING' }, execution: { status: 'RUNNING' } })
    expect(cortex.headers[0]).toMatchObject({ authorization: 'Bearer ann-c', 'x-proxy': 'of-the-gateway' })
    expect(kodexa.headers[0]).toMatchObject({ 'x-api-key': 'ann-k' })
    expect(JSON.stringify(cortex.headers)).not.toContain('ann-k')
    expect(JSON.stringify(kodexa.headers)).not.toContain('ann-c')
  })

  it.each<[what: string, headers: Record<string, string>]>([
    ['none', {}],
    ['an empty one', { 'x-cortex-api-key': ' ' }],
    ['two', { 'x-cortex-api-key': 'one, other' }],
    ['one with a space in it', { 'x-cortex-api-key': 'one other' }],
    ["only the gateway's", { authorization: 'Bearer x', 'x-api-key': 'x' }],
  ])('with %s says so for that vendor alone', async (_what, headers) => {
    const { query, cortex } = await open()
    const answer = await query(BOTH, {}, { headers: { ...headers, 'x-kodexa-api-key': 'k' } })
    expect(answer.data).toEqual({ record: null, execution: { status: 'RUNNING' } })
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED CORTEX'])
    expect(answer.errors[0]!.message).toContain('x-cortex-api-key')
    expect(cortex.requests).toEqual([])
  })

  it('without a key cancels nothing, and lists what the others have', async () => {
    const { query, cortex, kodexa } = await open({ kodexa: json(200, { content: [], totalElements: 0 }) })
    const headers = { 'x-kodexa-api-key': 'k' }
    const cancel =
      'mutation { cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { ... on VendorError { code vendor } } }'
    expect((await query(cancel, {}, { headers })).data).toEqual({
      cancelRecord: { code: 'UNAUTHENTICATED', vendor: 'CORTEX' },
    })
    const { data } = await query('{ jobs { nodes { id } outages { vendor code } } }', {}, { headers })
    expect(data.jobs).toEqual({ nodes: [], outages: [{ vendor: 'CORTEX', code: 'UNAUTHENTICATED' }] })
    const health = '{ vendors { vendor reachable outage { code } } }'
    expect((await query(health, {}, { headers })).data.vendors).toContainEqual({
      vendor: 'CORTEX',
      reachable: false,
      outage: { code: 'UNAUTHENTICATED' },
    })
    expect(cortex.requests).toEqual([])
    expect(kodexa.requests.length).toBeGreaterThan(0)
  })

  it('shows nobody what was read with the credential of another, neither kept nor under way', async () => {
    const { as, kodexa } = await open({
      kodexa: (request, response) =>
        json(200, { id: 'exe_1', status: request.headers['x-api-key'] === 'ann-k' ? 'RUNNING' : 'FAILED' })(
          request,
          response,
        ),
    })
    const ask = async (name: string) => (await as(name, EXECUTION)).data.execution.status as string
    expect(await Promise.all([ask('ann'), ask('bob'), ask('ann')])).toEqual(['RUNNING', 'FAILED', 'RUNNING'])
    expect(await Promise.all([ask('ann'), ask('bob')])).toEqual(['RUNNING', 'FAILED'])
    expect(kodexa.requests).toHaveLength(2)
  })

  it('keeps a key that is not accepted from being sent again and again, and no other', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const refuse: Script = (request, response) =>
      (request.headers['x-api-key'] === 'bad-k' ? json(401, {}) : kodexaScript)(request, response)
    const { as, kodexa } = await open({ kodexa: refuse })
    const ask = (name: string) => as(name, '{ executions { nodes { status } } }')
    for (let turn = 0; turn < 5; turn++) expect(codesOf(await ask('bad'))).toEqual(['VENDOR_UNAUTHORIZED KODEXA'])
    expect(kodexa.requests).toHaveLength(3)
    expect(codesOf(await as('good', EXECUTION))).toEqual([])
    const { data } = await as('bad', '{ vendors { vendor circuit } }')
    expect(data.vendors).toContainEqual({ vendor: 'KODEXA', circuit: 'CLOSED' })
    vi.setSystemTime(Date.now() + 11_000)
    await ask('bad')
    await ask('bad')
    expect(kodexa.requests).toHaveLength(5)
  })

  it('does not send cancels with such a key either, and says so', async () => {
    const { as, kodexa } = await open({ kodexa: json(401, {}) })
    const cancel = 'mutation { cancelExecution(by: { executionId: "exe_1" }) { ... on VendorError { code message } } }'
    for (let turn = 0; turn < 5; turn++) await as('bad', cancel)
    expect(kodexa.requests).toEqual(Array(3).fill('PUT /api/executions/exe_1/cancel'))
    expect((await as('bad', cancel)).data.cancelExecution).toEqual({
      code: 'VENDOR_UNAUTHORIZED',
      message: 'KODEXA did not accept this credential repeatedly; nothing was sent.',
    })
    expect(kodexa.requests).toHaveLength(3)
    await as('good', cancel)
    expect(kodexa.requests).toHaveLength(4)
  })

  it('counts a 403 against nobody', async () => {
    const { as, cortex } = await open({ cortex: json(403, { message: 'not yours' }) })
    for (let turn = 0; turn < 5; turn++)
      expect(codesOf(await as('ann', RECORD))).toEqual(['VENDOR_UNAUTHORIZED CORTEX'])
    expect(cortex.requests).toHaveLength(5)
  })

  it('never repeats a key that a vendor repeats', async () => {
    const { as } = await open({ cortex: json(400, { message: 'no such key: ann-c' }) })
    const cancel =
      'mutation { cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { ... on VendorError { vendorMessage } } }'
    const { text, data } = await as('ann', cancel)
    expect(data).toEqual({ cancelRecord: { vendorMessage: 'no such key: [secret]' } })
    expect(text).not.toContain('ann-c')
  })

  it('takes keys over WebSocket from connection_init, where browsers have to put them', async () => {
    const { gateway, kodexa } = await open()
    const { url } = await serve(gateway)
    const ask = async (connectionParams: Record<string, unknown>) => {
      const answers = clientOf(url, { connectionParams }).iterate({ query: EXECUTION })
      return (await answers.next()).value as { data: unknown; errors?: { extensions: object }[] }
    }
    expect((await ask({ 'x-kodexa-api-key': 'web-k' })).data).toEqual({ execution: { status: 'RUNNING' } })
    expect(kodexa.headers.at(-1)).toMatchObject({ 'x-api-key': 'web-k' })
    expect((await ask({ headers: { 'X-Kodexa-Api-Key': 'deep-k' } })).data).toEqual({
      execution: { status: 'RUNNING' },
    })
    expect(kodexa.headers.at(-1)).toMatchObject({ 'x-api-key': 'deep-k' })
    for (const key of [undefined, 'a\nb', 7, 'ü'])
      expect((await ask({ 'x-kodexa-api-key': key })).errors![0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('watches a job for each credential apart', async () => {
    const { gateway } = await open()
    const { url } = await serve(gateway)
    const watch = async (key: string) => {
      const client = clientOf(url, { connectionParams: { 'x-kodexa-api-key': key } })
      const events = client.iterate({
        query: 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }',
        variables: { id: ID },
      })
      return (await events.next()).value as { data: unknown }
    }
    const seen = await Promise.all(['ann', 'ann', 'bob'].map(watch))
    expect(seen.map(({ data }) => data)).toEqual(Array(3).fill({ jobUpdated: { status: 'RUNNING' } }))
    expect(gateway.watching()).toEqual({ jobs: 2, subscribers: 3 })
  })

  it('has places for the keys in GraphiQL', async () => {
    const { gateway } = await open()
    const page = await gateway.fetch(new Request('http://gateway.test/graphql', { headers: { accept: 'text/html' } }))
    const html = await page.text()
    expect(html).toContain('x-cortex-api-key')
    expect(html).toContain('x-kodexa-api-key')
  })
})

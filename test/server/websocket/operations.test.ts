import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { print } from 'graphql'
import type { Client, ExecutionResult } from 'graphql-ws'
import { describe, expect, it, vi } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { silentLog } from '../../../src/job/log.js'
import type { Vendor } from '../../../src/job/vendor.js'
import { createSharedState } from '../../../src/reads/shared-state.js'
import { CancelExecutionDocument, WatchDocument, type WatchSubscription } from '../../generated/graphql.js'
import { closeAfterTest, openSandboxedForTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import {
  API_KEY,
  cortexAt,
  hang,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../../support/scripted-vendor.js'
import { openRawClient, clientOf, serve } from '../../support/websocket.js'

const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const READ = 'GET /api/executions/exe_1'
const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { id status } }'
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const CANCEL = 'mutation { cancelExecution(by: { executionId: "exe_1" }) { __typename } }'

const pending = json(200, { id: 'exe_1', status: 'PENDING' })
const running = json(200, { id: 'exe_1', status: 'RUNNING' })
const succeeded = json(200, { id: 'exe_1', status: 'SUCCEEDED' })
const failing = json(500, { message: `out of order, ${API_KEY}` })

describe('a subscription over WebSocket', () => {
  it('streams the job now and at each change, and completes when it has ended', async () => {
    const { vendor, url } = await start(inSequence(pending, running, running, succeeded))
    const events = await all(clientOf(url), print(WatchDocument), { id: ID })
    expect(events).toMatchObject([
      { data: { jobUpdated: { id: ID, status: 'QUEUED' } } },
      { data: { jobUpdated: { id: ID, status: 'RUNNING' } } },
      { data: { jobUpdated: { id: ID, status: 'COMPLETED' } } },
    ])
    expect(vendor.requests).toEqual(Array(4).fill(READ))
  })

  it('shows the effect of a cancel sent over the same connection', async () => {
    const gateway = await openSandboxedForTest({ pollMs: 5 })
    const client = clientOf((await serve(gateway.gateway)).url)
    const events = client.iterate<WatchSubscription>({ query: print(WatchDocument) })
    const next = async () => (await events.next()).value?.data?.jobUpdated.status as string | undefined
    expect(await next()).toBe('RUNNING')
    const [cancelled] = await all(client, print(CancelExecutionDocument))
    expect(cancelled).toMatchObject({
      data: { cancelExecution: { __typename: 'CancelExecutionSuccess', outcome: 'CANCELLING' } },
    })
    expect(await next()).toBe('CANCELLING')
    gateway.advance(60_000)
    expect(await next()).toBe('CANCELLED')
    expect((await events.next()).done).toBe(true)
  })

  it.each<[how: string, stop: (client: Bare) => void]>([
    ['completes it', (client) => client.send({ type: 'complete', id: 'one' })],
    ['closes the connection', (client) => client.socket.close()],
    ['is disconnected', (client) => client.socket.terminate()],
  ])('stops polling when the client %s', async (_how, stop) => {
    const { vendor, url, gateway } = await start(running)
    const client = await openRawClient(url)
    client.subscribe('one', WATCH, { id: ID })
    expect((await client.next('one')).payload.data.jobUpdated.status).toBe('RUNNING')
    await expect.poll(() => vendor.requests.length).toBeGreaterThan(2)
    stop(client)
    await severalPolls()
    const sent = vendor.requests.length
    await severalPolls()
    expect(vendor.requests).toHaveLength(sent)
    expect(gateway.lines).toEqual([])
  })

  it('continues when another one of the same connection is completed', async () => {
    const { vendor, url } = await start(running)
    const client = await openRawClient(url)
    client.subscribe('one', WATCH, { id: ID })
    client.subscribe('two', WATCH, { id: ID })
    await client.next('one')
    await client.next('two')
    client.send({ type: 'complete', id: 'one' })
    await severalPolls()
    vendor.answer(succeeded)
    expect((await client.next('two')).payload.data.jobUpdated.status).toBe('COMPLETED')
    expect((await client.next('two')).type).toBe('complete')
    expect(client.messages.filter(({ id }) => id === 'one')).toHaveLength(1)
  })
})

describe('a WebSocket client that stops waiting', () => {
  it.each<[how: string, stop: (client: Bare) => void]>([
    ['by completing it', (client) => client.send({ type: 'complete', id: 'one' })],
    ['by closing the connection', (client) => client.socket.close()],
    ['by losing the connection', (client) => client.socket.terminate()],
  ])('aborts the read at the vendor, %s', async (_how, stop) => {
    const { vendor, url, gateway } = await start(hang)
    for (const query of [EXECUTION, WATCH]) {
      const held = holding(vendor)
      const client = await openRawClient(url)
      client.subscribe('one', query, { id: ID })
      await held.received
      stop(client)
      await held.closed()
    }
    expect(gateway.lines).toEqual([])
  })

  it.each<[how: string, stop: (client: Bare) => void]>([
    ['by completing it', (client) => client.send({ type: 'complete', id: 'one' })],
    ['by closing the connection', (client) => client.socket.close()],
    ['by losing the connection', (client) => client.socket.terminate()],
  ])('does not abort a cancel that was sent, %s', async (_how, stop) => {
    const { vendor, url } = await start(hang)
    const held = holding(vendor)
    const client = await openRawClient(url)
    client.subscribe('one', CANCEL)
    await held.received
    stop(client)
    const state = await Promise.race([
      held.closed().then(() => 'closed'),
      new Promise((resolve) => setTimeout(resolve, 100, 'open')),
    ])
    expect(state).toBe('open')
    held.release()
    expect(vendor.requests).toEqual(['PUT /api/executions/exe_1/cancel'])
  })
})

describe('operations over one WebSocket', () => {
  it('share no reads without a cache', async () => {
    const { vendor, url } = await start(inSequence(running, succeeded))
    const client = clientOf(url, { lazy: false })
    expect(await all(client, EXECUTION)).toEqual([{ data: { execution: { status: 'RUNNING' } } }])
    expect(await all(client, EXECUTION)).toEqual([{ data: { execution: { status: 'COMPLETED' } } }])
    expect(vendor.requests).toEqual([READ, READ])
  })

  it('have their fields in the order of the selection', async () => {
    const { url } = await start((request, response) => setTimeout(() => running(request, response), 20))
    const [answer] = await all(clientOf(url), `{ slow: ${EXECUTION.slice(2, -2)} vendors { mode } }`)
    expect(Object.keys(answer!.data!)).toEqual(['slow', 'vendors'])
  })

  it('have the upstream trace when the handshake requests it', async () => {
    const { url } = await start(running)
    const client = await openRawClient(url, { headers: { 'x-upstream-trace': '1' } })
    client.subscribe('one', EXECUTION)
    expect((await client.next('one')).payload.extensions).toEqual({
      upstream: { KODEXA: { calls: 1, shared: 0, cached: 0, queuedMs: expect.any(Number) as number } },
    })
  })

  it('use the cache although the handshake of a browser says no-cache', async () => {
    const { vendor, url } = await start(running, { isCached: true })
    const client = await openRawClient(url, { headers: { 'cache-control': 'no-cache', pragma: 'no-cache' } })
    for (const id of ['one', 'two']) {
      client.subscribe(id, EXECUTION)
      expect((await client.next(id)).payload.data).toEqual({ execution: { status: 'RUNNING' } })
    }
    expect(vendor.requests).toEqual([READ])
  })

  it('are limited to a hundred at the same time', async () => {
    const { url } = await start(hang)
    const client = await openRawClient(url)
    for (let index = 0; index < 100; index++) client.subscribe(`op${index}`, WATCH, { id: ID })
    client.subscribe('one too many', '{ __typename }')
    expect(await client.next('one too many')).toEqual({
      type: 'error',
      id: 'one too many',
      payload: [
        {
          message: 'Too many operations are running on this connection. Wait until one has ended.',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    })
    client.send({ type: 'complete', id: 'op7' })
    client.subscribe('the next one', '{ __typename }')
    expect(await client.next('the next one')).toMatchObject({ payload: { data: { __typename: 'Query' } } })
    // That one has ended as well.
    client.subscribe('and another', '{ __typename }')
    expect(await client.next('and another')).toMatchObject({ payload: { data: { __typename: 'Query' } } })
  })

  it('are counted for each connection separately', async () => {
    const { url } = await start(hang)
    const busy = await openRawClient(url)
    for (let index = 0; index < 100; index++) busy.subscribe(`op${index}`, WATCH, { id: ID })
    const other = await openRawClient(url)
    other.subscribe('one', '{ __typename }')
    expect((await other.next('one')).type).toBe('next')
  })
})

describe('an error over WebSocket', () => {
  it.each<[what: string, query: string, variables: object, error: { message: RegExp; code?: string }]>([
    ['an operation that does not parse', '{', {}, { message: /Syntax Error/, code: 'GRAPHQL_PARSE_FAILED' }],
    [
      'a field that does not exist',
      '{ nope }',
      {},
      { message: /Cannot query field "nope"/, code: 'GRAPHQL_VALIDATION_FAILED' },
    ],
    [
      'a subscription without a selection',
      'subscription { jobUpdated(id: "x") }',
      {},
      { message: /selection/, code: 'GRAPHQL_VALIDATION_FAILED' },
    ],
    ['a variable that is missing', WATCH, {}, { message: /"\$id" of required type "ID!"/ }],
    ['an invalid id in a subscription', WATCH, { id: 'not-an-id' }, { message: /id/, code: 'BAD_INPUT' }],
    [
      'two operations without a name',
      'query A { __typename } query B { __typename }',
      {},
      { message: /operation/, code: 'OPERATION_RESOLUTION_FAILURE' },
    ],
  ])('is returned before anything is sent to vendors, for %s', async (_what, query, variables, { message, code }) => {
    const { vendor, url, gateway } = await start(running)
    const client = await openRawClient(url)
    client.subscribe('one', query, variables)
    const { type, payload } = await client.next('one')
    expect([type, payload.length]).toEqual(['error', 1])
    expect(payload[0].message).toMatch(message)
    expect(payload[0].extensions?.code).toBe(code)
    // The same as over HTTP, where Yoga removes its internal extensions.
    const { errors } = await gateway.query(query, variables)
    expect(payload).toEqual(errors)
    expect(vendor.requests).toEqual([])
    // Nothing follows, and the connection stays open.
    client.subscribe('two', '{ __typename }')
    await client.next('two')
    expect(client.messages.filter(({ id }) => id === 'one')).toHaveLength(1)
    expect(gateway.lines).toEqual([])
  })

  it('in one field comes with the data of the others', async () => {
    const { url } = await start(failing)
    const [answer] = await all(clientOf(url), `{ __typename ${EXECUTION.slice(2, -2)} }`)
    expect(answer).toMatchObject({
      data: { __typename: 'Query', execution: null },
      errors: [{ path: ['execution'], extensions: { code: 'VENDOR_UNAVAILABLE', vendor: 'KODEXA' } }],
    })
    expect(JSON.stringify(answer)).not.toContain(API_KEY)
  })

  it('that ends a subscription is its last event, as over server-sent events', async () => {
    const { url, vendor } = await start(inSequence(running, json(401, { message: API_KEY })))
    const client = await openRawClient(url)
    client.subscribe('one', WATCH, { id: ID })
    expect((await client.next('one')).payload.data).toEqual({ jobUpdated: { id: ID, status: 'RUNNING' } })
    const last = await client.next('one')
    expect(last).toMatchObject({
      type: 'next',
      payload: { errors: [{ extensions: { code: 'VENDOR_UNAUTHORIZED', vendor: 'KODEXA' } }] },
    })
    expect((await client.next('one')).type).toBe('complete')
    expect(JSON.stringify(client.messages)).not.toContain(API_KEY)
    expect(vendor.requests).toHaveLength(2)
  })

  it.each(['production', 'development', 'test', ''])(
    'that is unexpected has no details when NODE_ENV is %j',
    async (env) => {
      vi.stubEnv('NODE_ENV', env)
      const broken = {
        ...kodexaAt(new URL('http://127.0.0.1:9')),
        open(): never {
          throw new TypeError('hunter2')
        },
      }
      const { url, gateway } = await startWith([broken])
      const client = await openRawClient(url)
      client.subscribe('query', EXECUTION)
      client.subscribe('watch', WATCH, { id: ID })
      const responses = [await client.next('query'), await client.next('watch')]
      for (const { payload } of responses) {
        const [{ message, extensions }] = payload.errors ?? payload
        expect([message, extensions]).toEqual([
          'Internal error of the gateway. Its log has the details.',
          { code: 'INTERNAL' },
        ])
      }
      expect(JSON.stringify(responses)).not.toMatch(/hunter2|TypeError|stack|originalError/)
      expect(gateway.lines.filter(({ level }) => level === 'error')).toHaveLength(2)
      vi.unstubAllEnvs()
    },
  )

  it('writes nothing to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    const { url } = await start(failing)
    const client = await openRawClient(url)
    client.subscribe('one', EXECUTION)
    await client.next('one')
    client.send('x'.repeat(1_000_001))
    await client.closed
    const other = await openRawClient(url)
    other.send({ type: 'next', id: 'x', payload: {} })
    await other.closed
    const calls = spies.flatMap((spy) => spy.mock.calls)
    for (const spy of spies) spy.mockRestore()
    expect(calls).toEqual([])
  })
})

type Bare = Awaited<ReturnType<typeof openRawClient>>

async function startWith(vendors: Parameters<typeof openGateway>[0]): Promise<{ gateway: TestGateway; url: string }> {
  const gateway = openGateway(vendors, { pollMs: 5 })
  closeAfterTest(gateway.close)
  return { gateway, url: (await serve(gateway.gateway)).url }
}

async function start(
  script: Script,
  { isCached = false } = {},
): Promise<{ vendor: ScriptedVendor; gateway: TestGateway; url: string }> {
  const vendor = await startScriptedVendor(script)
  const cached = isCached && { sharedState: createSharedState({ terminalMs: 60_000, liveMs: 60_000, log: silentLog }) }
  // Long enough that no read times out.
  const timeout = { timeoutMs: 60_000 }
  const started = await startWith((log): Vendor[] => [
    cortexAt(vendor.url, timeout, { log }),
    kodexaAt(vendor.url, timeout, { log, ...cached }),
  ])
  closeAfterTest(vendor.close)
  return { vendor, ...started }
}

/** All events of an operation. */
async function all(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult[]> {
  const events: ExecutionResult[] = []
  for await (const event of client.iterate({ query, variables })) events.push(event as ExecutionResult)
  return events
}

/** Holds the vendor's next request open without a response. */
function holding(vendor: ScriptedVendor): {
  readonly received: Promise<void>
  /** Resolves when the gateway has aborted it. */
  closed(): Promise<unknown>
  release(): void
} {
  let held: { request: IncomingMessage; response: ServerResponse; closed: Promise<unknown> } | undefined
  const received = new Promise<void>((resolve) => {
    vendor.answer((request, response) => {
      held = { request, response, closed: once(response, 'close') }
      resolve()
    })
  })
  return {
    received,
    closed: () => held!.closed,
    release: () => json(200, { id: 'exe_1', status: 'CANCELLED' })(held!.request, held!.response),
  }
}

/** Long enough for many polls of a running subscription. */
function severalPolls(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 80))
}

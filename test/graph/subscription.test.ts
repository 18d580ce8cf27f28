import { afterEach, describe, expect, it } from 'vitest'
import { print, type DocumentNode } from 'graphql'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { CancelExecutionDocument, WatchDocument } from '../generated/graphql.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { openSandboxedGateway, type SandboxedGateway } from '../support/sandboxes.js'
import {
  API_KEY,
  byRoute,
  cortexAt,
  resetConnection,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

const EXECUTION = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const OTHER_EXECUTION = encodeJobId({ type: 'Execution', path: ['exe_2'] })
const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
const DISCOVERABLE_RUN = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] })

const READ_EXECUTION = 'GET /api/executions/exe_1'
const READ_OTHER_EXECUTION = 'GET /api/executions/exe_2'
const READ_RECORD = 'GET /apps/c/collections/col_1/records/rec_1'

const WATCH_MANY = 'subscription WatchMany($ids: [ID!]!) { jobsUpdated(ids: $ids) { id status } }'

const pending = json(200, { id: 'exe_1', status: 'PENDING' })
const running = json(200, { id: 'exe_1', status: 'RUNNING' })
const succeeded = json(200, { id: 'exe_1', status: 'SUCCEEDED' })
const failing = json(500, { message: `out of order, ${API_KEY}`, stackTrace: 'at com.vendor.Secret' })

describe('jobUpdated', () => {
  it('streams the current job and each change, and completes when it has ended', async () => {
    const { vendor, gateway } = await openKodexa(inSequence(pending, running, running, succeeded))
    const { events, text } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events.map(({ data }) => data?.jobUpdated)).toMatchObject([
      { id: EXECUTION, status: 'QUEUED', isTerminal: false },
      { id: EXECUTION, status: 'RUNNING', isTerminal: false, state: { progress: null } },
      { id: EXECUTION, status: 'COMPLETED', isTerminal: true },
    ])
    expect(text).toMatch(/event: complete\ndata:\n\n$/)
    expect(vendor.requests).toEqual(Array(4).fill(READ_EXECUTION))
  })

  it('sends no more requests once the job has ended', async () => {
    const { vendor, gateway } = await openKodexa(succeeded)
    const { events } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events).toHaveLength(1)
    await severalPolls()
    expect(vendor.requests).toEqual([READ_EXECUTION])
  })

  it.each([
    ['closes the stream', (stream: Stream) => stream.cancel()],
    ['breaks the request off', (stream: Stream) => stream.abort()],
  ])('stops polling when the subscriber %s', async (_how, leave) => {
    const { vendor, gateway } = await openKodexa(running)
    const stream = await subscribe(gateway, WatchDocument, { id: EXECUTION })
    expect((await stream.next())?.data).toMatchObject({ jobUpdated: { status: 'RUNNING' } })
    await expect.poll(() => vendor.requests.length).toBeGreaterThan(2)
    await leave(stream)
    await severalPolls()
    const sent = vendor.requests.length
    await severalPolls()
    expect(vendor.requests).toHaveLength(sent)
    expect(gateway.lines).toEqual([])
  })

  it('stops polling when the subscriber closes the stream during a read', async () => {
    let answer: (() => void) | undefined
    const { vendor, gateway } = await openKodexa(
      inSequence(running, (request, response) => {
        answer = () => running(request, response)
      }),
    )
    const stream = await subscribe(gateway, WatchDocument, { id: EXECUTION })
    await stream.next()
    await expect.poll(() => answer).toBeDefined()
    const leaving = stream.cancel()
    answer?.()
    await leaving
    await severalPolls()
    expect(vendor.requests).toHaveLength(2)
  })

  it('fails for an unknown job', async () => {
    const { vendor, gateway } = await openKodexa(json(404, {}))
    const { events, text } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
    expect(text).toMatch(/event: complete\ndata:\n\n$/)
    await severalPolls()
    expect(vendor.requests).toEqual([READ_EXECUTION])
  })

  it.each([
    ['is invalid', 'not-an-id', 'BAD_INPUT'],
    ['is empty', '', 'BAD_INPUT'],
    ['climbs out of its path', base64url('Execution:../../account/me'), 'BAD_INPUT'],
    ['is of a type that no vendor has', encodeJobId({ type: 'Invoice', path: ['1'] }), 'BAD_INPUT'],
    ['has a part too many', encodeJobId({ type: 'Execution', path: ['1', '2'] }), 'BAD_INPUT'],
    ['is of a run that cannot be read', DISCOVERABLE_RUN, 'VENDOR_UNSUPPORTED'],
  ])('fails at once, and nothing is sent, for an id that %s', async (_what, id, code) => {
    const vendor = await started(startScriptedVendor(running))
    const gateway = opened(openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)], { pollMs: 5 }))
    const { events } = await watch(gateway, WatchDocument, { id })
    expect(events).toMatchObject([{ errors: [{ extensions: { code } }] }])
    expect(vendor.requests).toEqual([])
    expect(gateway.lines).toEqual([])
  })

  it('fails at once for a vendor that is not configured', async () => {
    const gateway = opened(openGateway([unconfiguredVendor('KODEXA', ['Execution'])]))
    const { events } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events).toMatchObject([{ errors: [{ extensions: { code: 'VENDOR_NOT_CONFIGURED', vendor: 'KODEXA' } }] }])
  })

  it('hides a short outage', async () => {
    const { vendor, gateway } = await openKodexa(
      inSequence(running, failing, resetConnection, failing, failing, succeeded),
    )
    const { events } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events.map(({ data, errors }) => [data?.jobUpdated?.status, errors])).toEqual([
      ['RUNNING', undefined],
      ['COMPLETED', undefined],
    ])
    expect(vendor.requests).toHaveLength(6)
  })

  it('reports a long outage once, and continues afterwards', async () => {
    const { vendor, gateway } = await openKodexa(running, { outageGraceMs: 60 })
    const stream = await subscribe(gateway, WatchDocument, { id: EXECUTION })
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('RUNNING')
    vendor.answer(failing)
    const outage = await stream.next()
    expect(outage).toMatchObject({ errors: [{ extensions: { code: 'VENDOR_UNAVAILABLE', vendor: 'KODEXA' } }] })
    await severalPolls()
    vendor.answer(inSequence(running, succeeded))
    // The same as before the outage, but nobody could know that.
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('RUNNING')
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('COMPLETED')
    expect(await stream.next()).toBeNull()
    expect(stream.text()).not.toContain(API_KEY)
    expect(stream.text()).not.toContain('com.vendor')
  })

  it('reports a rejected credential at once', async () => {
    const { vendor, gateway } = await openKodexa(json(401, {}))
    const { events } = await watch(gateway, WatchDocument, { id: EXECUTION })
    expect(events).toMatchObject([{ errors: [{ extensions: { code: 'VENDOR_UNAUTHORIZED', vendor: 'KODEXA' } }] }])
    expect(vendor.requests).toEqual([READ_EXECUTION])
  })

  it('sees a cancel by another request as it takes effect', async () => {
    const gateway = await openedSandboxes()
    const stream = await subscribe(gateway, WatchDocument)
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('RUNNING')
    await gateway.query(CancelExecutionDocument)
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('CANCELLING')
    gateway.advance(60_000)
    expect((await stream.next())?.data?.jobUpdated?.status).toBe('CANCELLED')
    expect(await stream.next()).toBeNull()
  })
})

describe('jobsUpdated', () => {
  it('streams jobs of several vendors and completes when all of them have ended', async () => {
    const kodexa = await started(startScriptedVendor(inSequence(running, succeeded)))
    const statuses = ['QUEUED', 'RUNNING', 'RUNNING', 'FAILED']
    const cortex = await started(
      startScriptedVendor(inSequence(...statuses.map((status) => json(200, { id: 'rec_1', status })))),
    )
    const gateway = opened(openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)], { pollMs: 5 }))
    const { events, text } = await watch(gateway, WATCH_MANY, { ids: [EXECUTION, RECORD] })
    const jobs = events.map(({ data }) => data?.jobsUpdated)
    expect(jobs.filter((job) => job?.id === EXECUTION).map((job) => job?.status)).toEqual(['RUNNING', 'COMPLETED'])
    expect(jobs.filter((job) => job?.id === RECORD).map((job) => job?.status)).toEqual(['QUEUED', 'RUNNING', 'FAILED'])
    expect(jobs).toHaveLength(5)
    expect(text).toMatch(/event: complete\ndata:\n\n$/)
    expect(kodexa.requests).toEqual(Array(2).fill(READ_EXECUTION))
    expect(cortex.requests).toEqual(Array(4).fill(`${READ_RECORD}/status`))
  })

  it('watches a repeated id once', async () => {
    const { vendor, gateway } = await openKodexa(inSequence(running, succeeded))
    const { events } = await watch(gateway, WATCH_MANY, { ids: [EXECUTION, EXECUTION] })
    expect(events.map(({ data }) => data?.jobsUpdated?.status)).toEqual(['RUNNING', 'COMPLETED'])
    expect(vendor.requests).toHaveLength(2)
  })

  it('stops polling all jobs when the subscriber leaves', async () => {
    const both = ['exe_1', 'exe_2'].map((id) => ({ id, status: 'RUNNING' }))
    const { vendor, gateway } = await openKodexa(
      // Together, or each by itself when their looks have drifted apart.
      byRoute({
        'GET /api/executions': json(200, { content: both }),
        [READ_EXECUTION]: json(200, both[0]),
        [READ_OTHER_EXECUTION]: json(200, both[1]),
      }),
    )
    const stream = await subscribe(gateway, WATCH_MANY, { ids: [EXECUTION, OTHER_EXECUTION] })
    await stream.next()
    await stream.next()
    await expect.poll(() => vendor.requests.length).toBeGreaterThan(2)
    await stream.cancel()
    await severalPolls()
    const sent = vendor.requests.length
    await severalPolls()
    expect(vendor.requests).toHaveLength(sent)
  })

  it('continues with the others when one of them fails permanently', async () => {
    const states = { exe_1: running, exe_2: json(404, {}) }
    const { vendor, gateway } = await openKodexa(
      byRoute({
        'GET /api/executions': json(200, { content: [{ id: 'exe_1', status: 'RUNNING' }] }),
        [READ_EXECUTION]: (request, response) => states.exe_1(request, response),
        [READ_OTHER_EXECUTION]: states.exe_2,
      }),
    )
    const stream = await subscribe(gateway, WATCH_MANY, { ids: [EXECUTION, OTHER_EXECUTION] })
    const events = [await stream.next(), await stream.next()]
    expect(events).toContainEqual({ data: { jobsUpdated: { id: EXECUTION, status: 'RUNNING' } } })
    expect(events).toContainEqual(
      expect.objectContaining({ errors: [expect.objectContaining({ extensions: { code: 'NOT_FOUND' } })] }),
    )
    states.exe_1 = succeeded
    expect((await stream.next())?.data?.jobsUpdated?.status).toBe('COMPLETED')
    expect(await stream.next()).toBeNull()
    const sent = vendor.requests.length
    await severalPolls()
    expect(vendor.requests).toHaveLength(sent)
  })

  it.each([
    ['no id', []],
    [
      'more than 100 ids',
      Array.from({ length: 101 }, (_, index) => encodeJobId({ type: 'Execution', path: [`exe_${index}`] })),
    ],
    ['a bad id among good ones', [EXECUTION, 'not-an-id', OTHER_EXECUTION]],
  ])('is rejected, and nothing is sent, with %s', async (_what, ids) => {
    const { vendor, gateway } = await openKodexa(running)
    const { events } = await watch(gateway, WATCH_MANY, { ids })
    expect(events).toMatchObject([{ errors: [{ extensions: { code: 'BAD_INPUT' } }] }])
    await severalPolls()
    expect(vendor.requests).toEqual([])
  })
})

const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close()
})

function opened<T extends { close(): Promise<void> }>(thing: T): T {
  toClose.push(thing)
  return thing
}

async function started(vendor: Promise<ScriptedVendor>): Promise<ScriptedVendor> {
  return opened(await vendor)
}

async function openedSandboxes(): Promise<SandboxedGateway> {
  return opened(await openSandboxedGateway({ pollMs: 5 }))
}

async function openKodexa(
  script: Script,
  options: Partial<GatewayOptions> = {},
): Promise<{ vendor: ScriptedVendor; gateway: TestGateway }> {
  const vendor = await started(startScriptedVendor(script))
  return {
    vendor,
    gateway: opened(openGateway((log) => [kodexaAt(vendor.url, {}, { log })], { pollMs: 5, ...options })),
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** Long enough for a subscription that is still there to show itself many times. */
function severalPolls(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 80))
}

interface StreamEvent {
  readonly data?: { readonly jobUpdated?: WatchedJob; readonly jobsUpdated?: WatchedJob } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

interface WatchedJob {
  readonly id: string
  readonly status: string
}

interface Stream {
  /** The next event, null when the stream has ended. */
  next(): Promise<StreamEvent | null>
  /** Leaves, as a browser does that closes an EventSource. */
  cancel(): Promise<void>
  /** Leaves by breaking the request off. */
  abort(): Promise<void>
  /** All that was received so far. */
  text(): string
}

/** A subscription over server-sent events. */
async function subscribe(
  gateway: TestGateway,
  document: string | DocumentNode,
  variables: object = {},
): Promise<Stream> {
  const leaving = new AbortController()
  const response = await gateway.gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: typeof document === 'string' ? document : print(document), variables }),
      signal: leaving.signal,
    }),
  )
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let parsed = 0
  return {
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n', parsed)
        if (end >= 0) {
          const block = text.slice(parsed, end)
          parsed = end + 2
          const data = /^event: next\ndata: (.*)$/m.exec(block)?.[1]
          if (data !== undefined) return JSON.parse(data) as StreamEvent
          continue
        }
        const { done, value } = await reader.read()
        if (done) return null
        text += decoder.decode(value, { stream: true })
      }
    },
    cancel: () => reader.cancel(),
    abort: () => Promise.resolve(leaving.abort()),
    text: () => text,
  }
}

/** A subscription from its beginning to its end. */
async function watch(gateway: TestGateway, document: string | DocumentNode, variables: object) {
  const stream = await subscribe(gateway, document, variables)
  const events: StreamEvent[] = []
  for (let event = await stream.next(); event !== null; event = await stream.next()) events.push(event)
  return { events, text: stream.text() }
}

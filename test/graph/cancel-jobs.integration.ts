import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type Script } from '../support/scripted-vendor.js'
import { fetchOperation, serve, type StreamEvent } from '../support/served-gateway.js'
import { openRawClient, serve as serveWebSockets } from '../support/websocket.js'

vi.setConfig({ testTimeout: 30_000 })

const CANCEL_JOBS = `mutation ($ids: [ID!]!) {
  cancelJobs(ids: $ids) { id outcome job { id status } error { code message } }
}`

const idOfAnyKind = (at: number) =>
  [
    encodeJobId({ type: 'Execution', path: [`${at}`] }),
    encodeJobId({ type: 'Record', path: ['c', 'col_1', `${at}`] }),
    encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', `${at}`] }),
  ][at % 3]!
const idsTo = (count: number) => Array.from({ length: count }, (_, at) => idOfAnyKind(at + 1))
const jobIn = (url = '') => /\/(?:records|runs|executions)\/(\w+)/.exec(url)?.[1] ?? 'none'
const cancelled: Script = (request, response) =>
  json(200, { id: jobIn(request.url), status: 'CANCELLED' })(request, response)

interface Outcome {
  readonly id: string
  readonly outcome: string | null
  readonly error: { readonly code: string } | null
}

/** A gateway that listens, in front of vendors that both answer so. */
async function open(script: Script, options: Partial<GatewayOptions> = {}) {
  const vendor = await startScriptedVendor(script)
  const opened = openGateway((log) => [cortexAt(vendor.url, {}, { log }), kodexaAt(vendor.url, {}, { log })], options)
  let closing: Promise<void> | undefined
  const close = () => (closing ??= opened.close())
  closeAfterTest(close, vendor.close)
  const { url } = await serve(opened.gateway)
  return {
    vendor,
    opened,
    close,
    /** The jobs whose cancel was sent, in order of arrival. */
    sent: () => vendor.requests.filter((line) => !line.startsWith('GET')).map(jobIn),
    ask: (query: string, variables: object = {}, signal?: AbortSignal) => fetchOperation(url, query, variables, signal),
    cancel: (ids: readonly string[], signal?: AbortSignal) => fetchOperation(url, CANCEL_JOBS, { ids }, signal),
  }
}

const outcomesOf = ({ data }: StreamEvent) => data.cancelJobs as readonly Outcome[]

/** A vendor that answers when it is let. */
function holding() {
  const waiting: (() => void)[] = []
  let isOpen = false
  return {
    waiting,
    script(request: IncomingMessage, response: ServerResponse) {
      if (isOpen) cancelled(request, response)
      else waiting.push(() => cancelled(request, response))
    },
    /** From now on it answers at once. */
    release() {
      isOpen = true
      waiting.splice(0).forEach((answer) => answer())
    },
  }
}

const byNumber = (ids: readonly string[]) => [...ids].sort((a, b) => Number(a) - Number(b))
const numbersTo = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}`)

describe('cancelJobs over a socket', () => {
  it('has a hundred correct outcomes for a hundred jobs of any kind, of which every fifth fails', async () => {
    const { cancel, sent, opened } = await open((request, response) =>
      (Number(jobIn(request.url)) % 5 === 0 ? json(503, { message: 'out of order' }) : cancelled)(request, response),
    )
    const ids = idsTo(100)
    const answer = await cancel(ids)
    expect(answer.errors).toBeUndefined()
    expect(outcomesOf(answer)).toHaveLength(100)
    outcomesOf(answer).forEach((outcome, at) => {
      const id = ids[at]!
      expect(outcome).toEqual(
        (at + 1) % 5 === 0
          ? { id, outcome: null, job: null, error: { code: 'VENDOR_UNAVAILABLE', message: expect.any(String) } }
          : { id, outcome: 'CANCELLED', job: { id, status: 'CANCELLED' }, error: null },
      )
    })
    expect(byNumber(sent())).toEqual(numbersTo(100))
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('starts none after the deadline, and reports each in the order given', async () => {
    // Two rounds of eight begin within the time.
    const slowly: Script = (request, response) => void setTimeout(() => cancelled(request, response), 1100)
    const { cancel, sent } = await open(slowly, { deadlineMs: 2000 })
    const ids = [...idsTo(30), 'no id', idOfAnyKind(1)]
    const outcomes = outcomesOf(await cancel(ids))
    expect(outcomes.map(({ id }) => id)).toEqual(ids)
    const expected = ids.map((_, at) => (at < 16 || at === 31 ? 'CANCELLED' : 'NOT_ATTEMPTED'))
    expect(outcomes.map(({ outcome, error }) => outcome ?? error?.code)).toEqual(expected)
    expect(outcomes.every(({ outcome, error }) => (outcome === null) !== (error === null))).toBe(true)
    expect(byNumber(sent())).toEqual(numbersTo(16))
    await delay(100)
    expect(sent()).toHaveLength(16)
  })

  it('sends nothing when there is no time, without an error', async () => {
    const { cancel, vendor } = await open(cancelled, { deadlineMs: 0 })
    const answer = await cancel(idsTo(10))
    expect(answer.errors).toBeUndefined()
    expect(outcomesOf(answer).map(({ error }) => error?.code)).toEqual(Array(10).fill('NOT_ATTEMPTED'))
    expect(vendor.requests).toEqual([])
  })

  it('can be repeated for jobs that were not attempted', async () => {
    const { waiting, script, release } = holding()
    const { cancel, sent } = await open(script, { deadlineMs: 400 })
    const answering = cancel(idsTo(12))
    await expect.poll(() => waiting.length).toBe(8)
    await delay(500)
    release()
    const left = outcomesOf(await answering).filter(({ error }) => error?.code === 'NOT_ATTEMPTED')
    expect(left).toHaveLength(4)
    const again = outcomesOf(await cancel(left.map(({ id }) => id)))
    expect(again.map(({ outcome }) => outcome)).toEqual(Array(4).fill('CANCELLED'))
    expect(byNumber(sent())).toEqual(numbersTo(12))
  })

  it('continues after the client disconnects: each is sent exactly once', async () => {
    const { waiting, script, release } = holding()
    const { cancel, sent, opened, vendor } = await open(script)
    const leaving = new AbortController()
    const answering = cancel(idsTo(30), leaving.signal).catch((error: Error) => error.name)
    await expect.poll(() => waiting.length).toBe(8)
    leaving.abort()
    expect(await answering).toBe('AbortError')
    release()
    await expect.poll(() => byNumber(sent())).toEqual(numbersTo(30))
    await delay(100)
    expect(vendor.requests).toHaveLength(30)
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is finished before the gateway closes, even after the client disconnects', async () => {
    const { waiting, script, release } = holding()
    const { cancel, sent, close } = await open(script)
    const leaving = new AbortController()
    void cancel(idsTo(30), leaving.signal).catch(() => {})
    await expect.poll(() => waiting.length).toBe(8)
    leaving.abort()
    let isClosed = false
    const closing = close().then(() => (isClosed = true))
    await delay(100)
    expect(isClosed).toBe(false)
    release()
    await closing
    expect(byNumber(sent())).toEqual(numbersTo(30))
  })

  it('gets a full response when the gateway is closed meanwhile', async () => {
    const { waiting, script, release } = holding()
    const { cancel, close } = await open(script)
    const answering = cancel(idsTo(20))
    await expect.poll(() => waiting.length).toBe(8)
    const closing = close()
    release()
    expect(outcomesOf(await answering).map(({ outcome }) => outcome)).toEqual(Array(20).fill('CANCELLED'))
    await closing
  })
})

describe('a single cancel', () => {
  const THREE = `mutation {
    one: cancelExecution(by: { executionId: "1" }) { __typename }
    two: cancelExecution(by: { executionId: "2" }) { __typename }
    three: cancelExecution(by: { executionId: "3" }) { __typename }
  }`
  const CANCEL = 'mutation { cancelExecution(by: { executionId: "1" }) { __typename } }'

  it('is finished before the gateway closes, although the client has disconnected', async () => {
    const { waiting, script, release } = holding()
    const { ask, sent, close, opened } = await open(script)
    const leaving = new AbortController()
    void ask(CANCEL, {}, leaving.signal).catch(() => {})
    await expect.poll(() => waiting.length).toBe(1)
    leaving.abort()
    let isClosed = false
    const closing = close().then(() => (isClosed = true))
    await delay(100)
    expect(isClosed).toBe(false)
    release()
    await closing
    expect(sent()).toEqual(['1'])
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('that reads the job after a rejection does so before the gateway closes', async () => {
    let answer = () => {}
    const { ask, vendor, close } = await open((request, response) => {
      if (request.method === 'PUT') answer = () => void request.socket.destroy()
      else json(200, { id: '1', status: 'CANCELLING' })(request, response)
    })
    const answering = ask(
      'mutation { cancelExecution(by: { executionId: "1" }) { ... on CancelExecutionSuccess { outcome } } }',
    )
    await expect.poll(() => vendor.requests.length).toBe(1)
    const closing = close()
    answer()
    expect((await answering).data.cancelExecution).toEqual({ outcome: 'CANCELLING' })
    await closing
    expect(vendor.requests).toEqual(['PUT /api/executions/1/cancel', 'GET /api/executions/1'])
  })

  it('after another one in the same operation is sent although the client has disconnected', async () => {
    const { waiting, script, release } = holding()
    const { ask, sent } = await open(script)
    const leaving = new AbortController()
    const answering = ask(THREE, {}, leaving.signal).catch((error: Error) => error.name)
    await expect.poll(() => waiting.length).toBe(1)
    leaving.abort()
    expect(await answering).toBe('AbortError')
    release()
    await expect.poll(sent).toEqual(['1', '2', '3'])
  })

  it.each(['HTTP', 'WebSocket'])('after another one is sent before the gateway closes, over %s', async (way) => {
    const slowly: Script = (request, response) => void setTimeout(() => cancelled(request, response), 100)
    const { ask, sent, close, vendor, opened } = await open(slowly)
    const leaving = new AbortController()
    if (way === 'HTTP') void ask(THREE, {}, leaving.signal).catch(() => {})
    else {
      const client = await openRawClient((await serveWebSockets(opened.gateway)).url)
      client.subscribe('1', THREE)
      leaving.signal.addEventListener('abort', () => client.socket.terminate())
    }
    await expect.poll(() => vendor.requests.length).toBe(1)
    leaving.abort()
    await close()
    expect(sent()).toEqual(['1', '2', '3'])
    expect(outcomesIn(opened)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
  })

  it.each([
    { when: 'the gateway closes', third: 'NOT_ATTEMPTED' },
    { when: 'it stays', third: 'CANCELLED' },
  ])('after two others that used up the deadline is $third when $when', async ({ when, third }) => {
    const slowly: Script = (request, response) => void setTimeout(() => cancelled(request, response), 800)
    const { ask, sent, close, vendor, opened } = await open(slowly, { deadlineMs: 1500 })
    const answering = ask(THREE)
    await expect.poll(() => vendor.requests.length).toBe(1)
    const closing = when === 'it stays' ? null : close()
    const { errors } = await answering
    await closing
    expect(outcomesIn(opened)).toEqual(['CANCELLED', 'CANCELLED', third])
    if (third === 'CANCELLED') {
      expect(errors).toBeUndefined()
      expect(sent()).toEqual(['1', '2', '3'])
    } else {
      expect(errors).toMatchObject([{ path: ['three'], extensions: { code: third } }])
      expect(sent()).toEqual(['1', '2'])
    }
  })
})

/** What the audit says became of each, in order. */
function outcomesIn({ lines }: TestGateway): unknown[] {
  const fields = lines.map(({ fields }) => fields as { audit?: string; outcome?: string })
  return fields.filter(({ audit }) => audit === 'cancel').map(({ outcome }) => outcome)
}

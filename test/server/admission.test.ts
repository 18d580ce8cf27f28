import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { byRoute, cortexAt, json, kodexaAt, startScriptedVendor } from '../support/scripted-vendor.js'
import { subscribeTo } from '../support/served-gateway.js'
import { openRawClient, serve } from '../support/websocket.js'

const SLOW = '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { name } }'
const EXECUTION = encodeJobId({ type: 'Execution', path: ['e_1'] })
const WATCH = `subscription { jobUpdated(id: "${EXECUTION}") { status } }`
const REFUSAL = {
  errors: [
    {
      message: 'The gateway is overloaded; nothing was executed. Retry after 1 s.',
      extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 },
    },
  ],
}

describe('a gateway that has as much to do as it may', () => {
  it('refuses further operations at once and says when to come back, and takes them when there is room again', async () => {
    const { url, post, busy, asked } = await start()
    const free = await busy()
    const refused = await post('{ __typename }')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(refused.headers.get('connection')).toBe('keep-alive')
    expect(await refused.json()).toEqual(REFUSAL)
    expect((await fetch(`${url}?query={__typename}`)).status).toBe(503)
    expect((await post(`# ${'x'.repeat(500_000)}\n{ __typename }`)).status).toBe(503)
    expect(await (await free()).json()).toEqual({ data: { record: { name: 'Slow' } } })
    expect((await post('{ __typename }')).status).toBe(200)
    expect(asked()).toBe(1)
  })

  it('does the same to those who call it without a port', async () => {
    const { gateway, busy } = await start()
    const free = await busy()
    const ask = () =>
      gateway.fetch(
        new Request('http://gateway.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ __typename }"}',
        }),
      )
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await refused.json()).toEqual(REFUSAL)
    expect((await gateway.fetch(new Request('http://gateway.test/health'))).status).toBe(200)
    await free()
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
  })

  it('says that it lives, is ready, takes webhooks, and answers browsers that ask whether they may ask', async () => {
    const { origin, busy } = await start()
    const free = await busy()
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    expect((await fetch(`${origin}/ready?x=1`)).status).toBe(200)
    expect((await fetch(`${origin}/webhooks/cortex/${'t'.repeat(20)}`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${origin}/graphql`, { method: 'OPTIONS' })).status).not.toBe(503)
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(503)
    await free()
  })

  it('lets pages of listed sites read the refusal, and no others', async () => {
    const { post, busy } = await start({ cors: { origins: ['https://app.example'], credentials: true } })
    const free = await busy()
    const listed = (await post('{ __typename }', { origin: 'https://app.example' })).headers
    expect(listed.get('access-control-allow-origin')).toBe('https://app.example')
    expect(listed.get('access-control-allow-credentials')).toBe('true')
    expect(listed.get('access-control-expose-headers')).toBe('retry-after')
    const other = (await post('{ __typename }', { origin: 'https://other.example' })).headers
    expect(other.get('access-control-allow-origin')).toBeNull()
    await free()
  })

  it('has room again when a caller leaves before the answer', async () => {
    const { post, busy } = await start()
    const leaving = new AbortController()
    await busy(leaving.signal)
    leaving.abort()
    await expect.poll(async () => (await post('{ __typename }')).status).toBe(200)
  })

  it('counts no operation that has not come, and refuses it like others if there is no room when it has', async () => {
    const { origin, post, busy } = await start()
    const slow = await Promise.all(['a', 'b', 'c'].map(() => beginPost(origin)))
    await expect.poll(async () => (await post('{ __typename }')).status).toBe(200)
    const free = await busy()
    const refused = await slow[0]!.finish()
    expect(refused).toContain('HTTP/1.1 503 ')
    expect(refused).toMatch(/^retry-after: 1\r$/im)
    expect(refused).toContain(JSON.stringify(REFUSAL))
    await free()
    expect(await slow[1]!.finish()).toContain('{"data":{"__typename":"Query"}}')
    slow[2]!.socket.destroy()
    expect([(await post('{ __typename }')).status, (await post('{ __typename }')).status]).toEqual([200, 200])
  })

  it('counts none that comes slowly to those who call it without a port', async () => {
    const { gateway, post, busy } = await start()
    let controller: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({ start: (it) => void (controller = it) })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
    const slow = gateway.fetch(new Request('http://gateway.test/graphql', init))
    expect((await post('{ __typename }')).status).toBe(200)
    const free = await busy()
    controller!.enqueue(Buffer.from('{"query":"{ __typename }"}'))
    controller!.close()
    const refused = await slow
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await refused.json()).toEqual(REFUSAL)
    await free()
    expect((await post('{ __typename }')).status).toBe(200)
  })

  it('counts no stream that has begun', async () => {
    const { url, post, busy } = await start()
    const stream = await subscribeTo(url, WATCH)
    expect((await stream.next())?.data).toEqual({ jobUpdated: { status: 'RUNNING' } })
    expect((await post('{ __typename }')).status).toBe(200)
    const free = await busy()
    expect((await post('{ __typename }')).status).toBe(503)
    await free()
    stream.disconnect()
  })

  it('refuses operations over WebSocket as well, and goes on with the streams that are there', async () => {
    const { url, finish, busy } = await start()
    const client = await openRawClient(url.replace('http', 'ws'))
    client.subscribe('1', WATCH)
    expect((await client.next('1')).payload.data).toEqual({ jobUpdated: { status: 'RUNNING' } })
    const free = await busy()
    client.subscribe('2', '{ __typename }')
    expect(await client.next('2')).toEqual({ type: 'error', id: '2', payload: REFUSAL.errors })
    client.subscribe('3', WATCH)
    expect(await client.next('3')).toEqual({ type: 'error', id: '3', payload: REFUSAL.errors })
    finish()
    expect((await client.next('1')).payload.data).toEqual({ jobUpdated: { status: 'COMPLETED' } })
    await free()
    client.subscribe('4', '{ __typename }')
    expect((await client.next('4')).type).toBe('next')
  })
})

/** Sends an operation but for its end, and gives what sends that and reads the answer. */
async function beginPost(origin: string): Promise<{ socket: Socket; finish: () => Promise<string> }> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  const body = '{"query":"{ __typename }"}'
  const head = ['POST /graphql HTTP/1.1', 'Host: docket.test', 'Connection: close', 'Content-Type: application/json']
  socket.write([...head, `Content-Length: ${body.length}`, '', body.slice(0, -1)].join('\r\n'))
  // So that it is read before what is sent after it.
  await delay(50)
  return {
    socket,
    async finish() {
      socket.write(body.slice(-1))
      let text = ''
      for await (const chunk of socket) text += String(chunk)
      return text
    },
  }
}

/** A gateway that takes one operation at a time. */
async function start(options: Partial<GatewayOptions> = {}) {
  let answer: (() => void) | null = null
  let asked = 0
  let status = 'RUNNING'
  const vendor = await startScriptedVendor(
    byRoute({
      'GET /apps/c/collections/col_1/records/rec_1': (request, response) => {
        asked++
        answer = () => json(200, { id: 'rec_1', name: 'Slow', status: 'RUNNING' })(request, response)
      },
      'GET /api/executions/e_1': (request, response) => json(200, { id: 'e_1', status })(request, response),
    }),
  )
  const { gateway } = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)], {
    loadShedding: { concurrentOperations: 1, eventLoopDelayMs: null },
    pollMs: 5,
    ...options,
  })
  closeAfterTest(gateway.close, vendor.close)
  const origin = `http://127.0.0.1:${(await serve(gateway)).port}`
  const post = (query: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
    fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
      signal,
    })
  return {
    gateway,
    origin,
    url: `${origin}/graphql`,
    post,
    asked: () => asked,
    finish: () => void (status = 'SUCCEEDED'),
    /** Gives it the one operation, and gives what lets that be answered. */
    async busy(signal?: AbortSignal) {
      const waiting = post(SLOW, {}, signal)
      waiting.catch(() => {})
      await expect.poll(() => answer).not.toBeNull()
      return () => {
        answer!()
        return waiting
      }
    },
  }
}

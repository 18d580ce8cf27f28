import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ExecutionResult } from 'graphql'
import { Repeater } from 'graphql-yoga'
import { describe, expect, it, onTestFinished } from 'vitest'
import { allowAnonymous } from '../../../src/auth/authenticate.js'
import { encodeJobId } from '../../../src/job/job-id.js'
import { silentLog } from '../../../src/job/log.js'
import { createOrigins } from '../../../src/server/origins.js'
import { createErrorMask } from '../../../src/server/plugins/mask-error.js'
import { createWebSocketEndpoint, type WebSocketEndpointOptions } from '../../../src/server/websocket/endpoint.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import {
  hang,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../../support/scripted-vendor.js'
import { openRawClient, clientOf, handshake, serve, openUnacknowledgedClient } from '../../support/websocket.js'

const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }'
const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const CANCEL = 'mutation { cancelExecution(by: { executionId: "exe_1" }) { __typename } }'

const running = json(200, { id: 'exe_1', status: 'RUNNING' })

describe('a WebSocket is closed', () => {
  it.each<[code: number, what: string, messages: readonly (object | string)[]]>([
    [1009, 'a message of more than a megabyte', ['x'.repeat(1_000_001)]],
    [4400, 'invalid JSON', ['{']],
    [4400, 'a message that is not an object', ['[]']],
    [4400, 'a message of an unknown type', [{ type: 'start', id: '1', payload: {} }]],
    [4400, 'a message that only servers send', [{ type: 'next', id: '1', payload: {} }]],
    [4400, 'an operation without a query', [{ type: 'subscribe', id: '1', payload: { extensions: {} } }]],
    [4409, 'an id that is in use', [subscribe('1'), subscribe('1')]],
    [4429, 'a second connection_init', [{ type: 'connection_init' }]],
  ])('with %i for %s', async (code, _what, messages) => {
    const { url, gateway } = await start(hang)
    const client = await openRawClient(url)
    for (const message of messages) client.send(message)
    expect((await client.closed)[0]).toBe(code)
    // Other clients can still connect.
    expect(await handshake(url)).toEqual([101, ''])
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('with 4401 for an operation before connection_init', async () => {
    const { url, vendor } = await start(hang)
    const client = await openUnacknowledgedClient(url)
    client.send(subscribe('1'))
    expect((await client.closed)[0]).toBe(4401)
    expect(vendor.requests).toEqual([])
  })

  it('with 4408 when connection_init does not arrive', async () => {
    const { url } = await start(hang)
    const client = await openUnacknowledgedClient(url)
    expect((await client.closed)[0]).toBe(4408)
  })

  it('and its operations are aborted, even if the client does not answer the close frame', async () => {
    const { url, port, vendor } = await start(running)
    const socket = await unresponsiveClient(port)
    socket.write(frame({ type: 'connection_init' }))
    socket.write(frame(subscribe('1')))
    await expect.poll(() => vendor.requests.length).toBeGreaterThan(2)
    socket.write(frame(subscribe('1')))
    await once(socket, 'close')
    const sent = vendor.requests.length
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(vendor.requests.length - sent).toBeLessThanOrEqual(1)
    expect(await handshake(url)).toEqual([101, ''])
  })
})

describe('a message', () => {
  it('of a megabyte is accepted', async () => {
    const { url } = await start(hang)
    const client = await openRawClient(url)
    const message = subscribe('1', '{ __typename }')
    const pad = 'x'.repeat(1_000_000 - JSON.stringify(message).length - ',"pad":""'.length)
    client.send({ ...message, pad })
    expect((await client.next('1')).payload).toEqual({ data: { __typename: 'Query' } })
  })

  it('is not quoted in the log', async () => {
    const { url, gateway } = await start(json(500, {}))
    const client = await openUnacknowledgedClient(url)
    client.send({ type: 'connection_init', payload: { headers: { authorization: 'hunter2' } } })
    await client.next('connection_ack')
    client.send(subscribe('1', EXECUTION))
    await client.next('1')
    client.send({ type: 'next', id: '1', payload: { password: 'hunter2' } })
    await client.closed
    expect(JSON.stringify(gateway.lines)).not.toContain('hunter2')
  })
})

describe('a client', () => {
  it('that does not read is not read from until it does', async () => {
    const { url } = await start(hang)
    const client = await openRawClient(url)
    client.socket.pause()
    const payload = { pad: 'x'.repeat(10_000) }
    for (let index = 0; index < 5000; index++) client.send({ type: 'ping', payload })
    await new Promise((resolve) => setTimeout(resolve, 500))
    // Of 50 MB, some is in transit or in the server's buffers; the rest stays here until the server reads on.
    expect(client.socket.bufferedAmount).toBeGreaterThan(20_000_000)
    client.socket.resume()
    await expect.poll(() => client.messages.length, { timeout: 10_000 }).toBe(5001)
  }, 20_000)

  it('that does not answer pings is disconnected, and its operations are aborted', async () => {
    let signal: AbortSignal | undefined
    const stream = new Repeater<ExecutionResult>(async (_push, stop) => stop)
    const { port } = await startEndpoint(
      (_params, request) => {
        signal = request.signal
        return stream
      },
      { pingMs: 60 },
    )
    const socket = await unresponsiveClient(port)
    socket.write(frame({ type: 'connection_init' }))
    socket.write(frame(subscribe('1')))
    await expect.poll(() => signal?.aborted).toBe(false)
    await once(socket, 'close')
    await expect.poll(() => signal?.aborted).toBe(true)
    expect((await stream.next()).done).toBe(true)
  })

  it('that answers pings stays connected', async () => {
    const { url } = await startEndpoint(() => ({ data: {} }), { pingMs: 20 })
    const client = await openRawClient(url)
    await new Promise((resolve) => setTimeout(resolve, 200))
    client.send(subscribe('1'))
    expect((await client.next('1')).payload).toEqual({ data: {} })
  })
})

describe('closeConnections', () => {
  it('closes every connection with 1001, on which clients reconnect', async () => {
    const { url, gateway, vendor } = await start(running)
    const [idle, watching] = [await openRawClient(url), await openRawClient(url)]
    watching.send(subscribe('1'))
    await watching.next('1')
    await gateway.gateway.closeConnections()
    expect(await Promise.all([idle.closed, watching.closed])).toEqual([
      [1001, 'Going away'],
      [1001, 'Going away'],
    ])
    const sent = vendor.requests.length
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(vendor.requests).toHaveLength(sent)
  })

  it('is called by close', async () => {
    const gateway = openGateway([])
    const client = await openRawClient((await serve(gateway.gateway)).url)
    await gateway.close()
    expect(await client.closed).toEqual([1001, 'Going away'])
  })

  it('may be called twice', async () => {
    const { url, gateway } = await start(running)
    const client = await openRawClient(url)
    await Promise.all([gateway.gateway.closeConnections(), gateway.gateway.closeConnections()])
    await gateway.gateway.closeConnections()
    expect((await client.closed)[0]).toBe(1001)
  })

  it('lets a subscription continue at another gateway', async () => {
    const first = await start(running)
    const second = await start(json(200, { id: 'exe_1', status: 'SUCCEEDED' }))
    // The client tries the closed gateway again, which rejects it.
    const urls = [first.url, first.url, second.url]
    const client = clientOf('', {
      url: () => urls.shift()!,
      retryAttempts: 2,
      retryWait: () => Promise.resolve(),
      shouldRetry: () => true,
    })
    const events = client.iterate<{ jobUpdated: { status: string } }>({ query: WATCH, variables: { id: ID } })
    const next = async () => (await events.next()).value?.data?.jobUpdated.status as string | undefined
    expect(await next()).toBe('RUNNING')
    await first.gateway.gateway.closeConnections()
    expect(await next()).toBe('COMPLETED')
    expect(await next()).toBeUndefined()
    expect(urls).toEqual([])
  })

  it('waits for queries and mutations in flight, and starts none', async () => {
    const { url, gateway, vendor } = await start(hang)
    let respond = () => {}
    vendor.answer((request, response) => {
      respond = () => json(200, { id: 'exe_1', status: 'CANCELLED' })(request, response)
    })
    const client = await openRawClient(url)
    client.send(subscribe('1', CANCEL))
    await expect.poll(() => vendor.requests.length).toBe(1)
    const closed = gateway.gateway.closeConnections()
    client.send(subscribe('2', CANCEL))
    await new Promise((resolve) => setTimeout(resolve, 50))
    respond()
    await closed
    expect(client.messages.slice(1)).toEqual([
      { type: 'next', id: '1', payload: { data: { cancelExecution: { __typename: 'CancelExecutionSuccess' } } } },
      { type: 'complete', id: '1' },
    ])
    expect(await client.closed).toEqual([1001, 'Going away'])
    expect(vendor.requests).toHaveLength(1)
  })

  it('waits for them no longer than the grace period', async () => {
    let isRunning = false
    const { url, endpoint } = await startEndpoint(() => {
      isRunning = true
      return new Promise(() => {})
    })
    const client = await openRawClient(url)
    client.send(subscribe('1'))
    await expect.poll(() => isRunning).toBe(true)
    await endpoint.closeConnections(50)
    expect(await client.closed).toEqual([1001, 'Going away'])
  })

  it('does not wait for clients that do not answer the close frame', async () => {
    const { port, gateway } = await start(hang)
    const socket = await unresponsiveClient(port)
    const closed = once(socket, 'close')
    await gateway.gateway.closeConnections()
    await closed
  })
})

function subscribe(id: string, query = WATCH) {
  return { type: 'subscribe', id, payload: { query, variables: { id: ID } } }
}

async function start(script: Script): Promise<{
  gateway: TestGateway
  vendor: ScriptedVendor
  url: string
  port: number
}> {
  const vendor = await startScriptedVendor(script)
  const gateway = openGateway([kodexaAt(vendor.url)], { pollMs: 5 })
  closeAfterTest(gateway.close, vendor.close)
  return { gateway, vendor, ...(await serve(gateway.gateway)) }
}

/** An endpoint without a gateway, which executes every operation with `run`. */
async function startEndpoint(
  run: WebSocketEndpointOptions['run'],
  pings: Pick<WebSocketEndpointOptions, 'pingMs'> = {},
) {
  const endpoint = createWebSocketEndpoint({
    onUnauthenticated() {},
    authenticate: allowAnonymous,
    callerHeaders: [],
    run,
    maskError: createErrorMask(silentLog),
    log: silentLog,
    listener: (_request, response) => response.end(),
    origins: createOrigins(),
    isReady: () => true,
    maxMessageBytes: 1000,
    ...pings,
  })
  closeAfterTest(endpoint.closeConnections)
  return { endpoint, ...(await serve({ listener: () => {}, upgrade: endpoint.upgrade })) }
}

/** A client that has completed the handshake, but answers neither pings nor close frames. */
async function unresponsiveClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      'Host: docket.test',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      '\r\n',
    ].join('\r\n'),
  )
  await once(socket, 'data')
  // Discards incoming data, so that the socket emits `close`.
  socket.resume()
  return socket
}

/** A masked WebSocket text frame. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const mask = [0, 0, 0, 0]
  const head = text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 0xff]
  return Buffer.concat([Buffer.from([...head, ...mask]), text])
}

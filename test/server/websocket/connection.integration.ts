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
    [4400, 'what is no JSON', ['{']],
    [4400, 'what is no message', ['[]']],
    [4400, 'a message of an unknown type', [{ type: 'start', id: '1', payload: {} }]],
    [4400, 'a message that only servers send', [{ type: 'next', id: '1', payload: {} }]],
    [4400, 'an operation without a query', [{ type: 'subscribe', id: '1', payload: { extensions: {} } }]],
    [4409, 'an id that is in use', [subscribe('1'), subscribe('1')]],
    [4429, 'a second introduction', [{ type: 'connection_init' }]],
  ])('with %i for %s', async (code, _what, messages) => {
    const { url, gateway } = await start(hang)
    const client = await openRawClient(url)
    for (const message of messages) client.send(message)
    expect((await client.closed)[0]).toBe(code)
    // Nobody else is disturbed.
    expect(await handshake(url)).toEqual([101, ''])
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('with 4401 for an operation before an introduction', async () => {
    const { url, vendor } = await start(hang)
    const client = await openUnacknowledgedClient(url)
    client.send(subscribe('1'))
    expect((await client.closed)[0]).toBe(4401)
    expect(vendor.requests).toEqual([])
  })

  it('with 4408 when the introduction does not come', async () => {
    const { url } = await start(hang)
    const client = await openUnacknowledgedClient(url)
    expect((await client.closed)[0]).toBe(4408)
  })

  it('and all that it ran is let go, although its client does not agree', async () => {
    const { url, port, vendor } = await start(running)
    const socket = await stubborn(port)
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
  it('of a megabyte is taken', async () => {
    const { url } = await start(hang)
    const client = await openRawClient(url)
    const message = subscribe('1', '{ __typename }')
    const pad = 'x'.repeat(1_000_000 - JSON.stringify(message).length - ',"pad":""'.length)
    client.send({ ...message, pad })
    expect((await client.next('1')).payload).toEqual({ data: { __typename: 'Query' } })
  })

  it('shows nothing of an introduction in the log, whatever comes of it', async () => {
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
  it('who does not read is not listened to any more, until they do', async () => {
    const { url } = await start(hang)
    const client = await openRawClient(url)
    client.socket.pause()
    const payload = { pad: 'x'.repeat(10_000) }
    for (let index = 0; index < 5000; index++) client.send({ type: 'ping', payload })
    await new Promise((resolve) => setTimeout(resolve, 500))
    // 50 MB: some of it is on its way or waits for being read, and what is not answered is still here.
    expect(client.socket.bufferedAmount).toBeGreaterThan(20_000_000)
    client.socket.resume()
    await expect.poll(() => client.messages.length, { timeout: 10_000 }).toBe(5001)
  }, 20_000)

  it('who does not answer pings is gone, and what they ran with them', async () => {
    let signal: AbortSignal | undefined
    const stream = new Repeater<ExecutionResult>(async (_push, stop) => stop)
    const { port } = await startEndpoint(
      (_params, request) => {
        signal = request.signal
        return stream
      },
      { pingMs: 60 },
    )
    const socket = await stubborn(port)
    socket.write(frame({ type: 'connection_init' }))
    socket.write(frame(subscribe('1')))
    await expect.poll(() => signal?.aborted).toBe(false)
    await once(socket, 'close')
    await expect.poll(() => signal?.aborted).toBe(true)
    expect((await stream.next()).done).toBe(true)
  })

  it('who answers pings stays', async () => {
    const { url } = await startEndpoint(() => ({ data: {} }), { pingMs: 20 })
    const client = await openRawClient(url)
    await new Promise((resolve) => setTimeout(resolve, 200))
    client.send(subscribe('1'))
    expect((await client.next('1')).payload).toEqual({ data: {} })
  })
})

describe('hanging up', () => {
  it('closes every connection with the code on which clients come back', async () => {
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

  it('is what closing the gateway begins with', async () => {
    const gateway = openGateway([])
    const client = await openRawClient((await serve(gateway.gateway)).url)
    await gateway.close()
    expect(await client.closed).toEqual([1001, 'Going away'])
  })

  it('may be asked for twice', async () => {
    const { url, gateway } = await start(running)
    const client = await openRawClient(url)
    await Promise.all([gateway.gateway.closeConnections(), gateway.gateway.closeConnections()])
    await gateway.gateway.closeConnections()
    expect((await client.closed)[0]).toBe(1001)
  })

  it('has a subscription go on at the gateway that comes after this one', async () => {
    const first = await start(running)
    const second = await start(json(200, { id: 'exe_1', status: 'SUCCEEDED' }))
    // The one that has hung up is asked again, and refuses.
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

  it('waits for the answers of queries and mutations, and begins none', async () => {
    const { url, gateway, vendor } = await start(hang)
    let answer = () => {}
    vendor.answer((request, response) => {
      answer = () => json(200, { id: 'exe_1', status: 'CANCELLED' })(request, response)
    })
    const client = await openRawClient(url)
    client.send(subscribe('1', CANCEL))
    await expect.poll(() => vendor.requests.length).toBe(1)
    const hungUp = gateway.gateway.closeConnections()
    client.send(subscribe('2', CANCEL))
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer()
    await hungUp
    expect(client.messages.slice(1)).toEqual([
      { type: 'next', id: '1', payload: { data: { cancelExecution: { __typename: 'CancelExecutionSuccess' } } } },
      { type: 'complete', id: '1' },
    ])
    expect(await client.closed).toEqual([1001, 'Going away'])
    expect(vendor.requests).toHaveLength(1)
  })

  it('does not wait for them for ever', async () => {
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

  it('does not wait for clients who do not agree', async () => {
    const { port, gateway } = await start(hang)
    const socket = await stubborn(port)
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

/** An endpoint alone that runs every operation so. */
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

/** A client who has shaken hands, reads nothing, and answers neither pings nor a goodbye. */
async function stubborn(port: number): Promise<Socket> {
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
  // So that it notices when it is cut off; what comes is thrown away.
  socket.resume()
  return socket
}

/** A short text as a client frames it. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const mask = [0, 0, 0, 0]
  const head = text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 0xff]
  return Buffer.concat([Buffer.from([...head, ...mask]), text])
}

import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpFallback } from '../../../src/server/websocket/http-fallback.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { serve, type ServedGateway } from '../../support/websocket.js'

async function start(): Promise<ServedGateway & TestGateway> {
  const gateway = openGateway([])
  closeAfterTest(gateway.close)
  return { ...gateway, ...(await serve(gateway.gateway)) }
}

/** Offers h2c as Java's HttpClient and `curl --http2` do, and sends the body in these chunks. */
async function offerHttp2(
  { port }: ServedGateway,
  path: string,
  chunks: readonly string[] = [],
  { agent, headers = {} }: { agent?: Agent; headers?: Record<string, string> } = {},
): Promise<IncomingMessage> {
  const sending = request({
    host: '127.0.0.1',
    port,
    path,
    method: chunks.length > 0 ? 'POST' : 'GET',
    agent: agent ?? false,
    headers: {
      ...(chunks.length > 0 ? { 'content-type': 'application/json' } : {}),
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
      ...headers,
    },
  })
  sending.on('error', () => {})
  onTestFinished(() => void sending.destroy())
  // The response may arrive before the body has been sent.
  const responded = once(sending, 'response')
  for (const chunk of chunks) {
    sending.write(chunk)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  sending.end()
  const [response] = (await responded) as [IncomingMessage]
  return response
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

describe('a request that offers HTTP/2', () => {
  it.each<[how: string, headers: Record<string, string>]>([
    ['with Content-Length', { 'content-length': '26' }],
    ['with chunked encoding', { 'transfer-encoding': 'chunked' }],
  ])('is answered over HTTP/1.1, %s', async (_how, headers) => {
    const gateway = await start()
    const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ ', '__typename }"}'], { headers })
    expect([response.statusCode, await textOf(response)]).toEqual([200, '{"data":{"__typename":"Query"}}'])
  })

  it('is answered without a body, at any path', async () => {
    const gateway = await start()
    expect((await offerHttp2(gateway, '/ready')).statusCode).toBe(200)
    gateway.gateway.drain()
    expect((await offerHttp2(gateway, '/ready')).statusCode).toBe(503)
    expect((await offerHttp2(gateway, '/nothing')).statusCode).toBe(404)
  })

  it('is answered repeatedly on one connection', async () => {
    const gateway = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    let connections = 0
    gateway.server.on('connection', () => connections++)
    for (let count = 0; count < 3; count++) {
      const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ __typename }"}'], { agent })
      expect(await textOf(response)).toBe('{"data":{"__typename":"Query"}}')
    }
    expect(connections).toBe(1)
  })

  it('is checked like any other request', async () => {
    const gateway = await start()
    const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ __typename }"}'], {
      headers: { 'content-type': 'text/plain' },
    })
    expect(response.statusCode).toBe(415)
  })

  it('times out when it arrives slowly', async () => {
    const timeouts = { headersTimeout: 100, requestTimeout: 300, connectionsCheckingInterval: 20 }
    const { connected } = await startFallback((request) => request.resume(), timeouts)
    const socket = await connected()
    socket.write(`${OFFER}Content-Length: 999\r\n\r\n`)
    const drip = setInterval(() => socket.write(' '), 20)
    onTestFinished(() => clearInterval(drip))
    const startedAt = performance.now()
    const [response] = (await once(socket, 'data')) as [Buffer]
    expect(response.toString()).toContain('HTTP/1.1 408 ')
    expect(performance.now() - startedAt).toBeGreaterThan(200)
    await once(socket, 'close')
  })

  it('keeps its connection until it is answered, and no longer after close', async () => {
    const waiting: ServerResponse[] = []
    const { fallback, connected } = await startFallback(({ url }, response) => {
      if (url === '/slow') waiting.push(response)
      else response.end('soon')
    })
    const [idle, slow] = [await connected(), await connected()]
    idle.write(`${OFFER}Content-Length: 0\r\n\r\n`)
    expect(String(await once(idle, 'data'))).toContain('soon')
    slow.write(`${OFFER.replace('/', '/slow')}Content-Length: 0\r\n\r\n`)
    await expect.poll(() => waiting.length).toBe(1)
    const closed = once(idle, 'close')
    const startedAt = performance.now()
    fallback.close()
    await closed
    waiting[0]!.end('late')
    expect(String(await once(slow, 'data'))).toContain('late')
    await once(slow, 'close')
    // By itself, Node keeps them for five seconds.
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })
})

const OFFER = 'POST / HTTP/1.1\r\nHost: docket.test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n'

/** A fallback without a gateway. */
async function startFallback(...options: Parameters<typeof createHttpFallback>) {
  const fallback = createHttpFallback(...options)
  const server = createServer().on('upgrade', fallback.handle).listen(0, '127.0.0.1')
  onTestFinished(() => {
    fallback.destroy()
    server.close()
  })
  await once(server, 'listening')
  return {
    fallback,
    async connected(): Promise<Socket> {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => {})
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      return socket
    },
  }
}

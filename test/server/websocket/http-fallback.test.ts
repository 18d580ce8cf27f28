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

/** As Java's HttpClient and `curl --http2` ask, in as many pieces as are given. */
async function offerHttp2(
  { port }: ServedGateway,
  path: string,
  pieces: readonly string[] = [],
  { agent, headers = {} }: { agent?: Agent; headers?: Record<string, string> } = {},
): Promise<IncomingMessage> {
  const sending = request({
    host: '127.0.0.1',
    port,
    path,
    method: pieces.length > 0 ? 'POST' : 'GET',
    agent: agent ?? false,
    headers: {
      ...(pieces.length > 0 ? { 'content-type': 'application/json' } : {}),
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
      ...headers,
    },
  })
  sending.on('error', () => {})
  onTestFinished(() => void sending.destroy())
  // It may come before all has been sent.
  const answered = once(sending, 'response')
  for (const piece of pieces) {
    sending.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  sending.end()
  const [response] = (await answered) as [IncomingMessage]
  return response
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

describe('a request that offers HTTP/2', () => {
  it.each<[how: string, headers: Record<string, string>]>([
    ['of a length that is told', { 'content-length': '26' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('is answered as if it did not, with a body %s', async (_how, headers) => {
    const gateway = await start()
    const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ ', '__typename }"}'], { headers })
    expect([response.statusCode, await textOf(response)]).toEqual([200, '{"data":{"__typename":"Query"}}'])
  })

  it('is answered without a body, and wherever it goes', async () => {
    const gateway = await start()
    expect((await offerHttp2(gateway, '/ready')).statusCode).toBe(200)
    gateway.gateway.drain()
    expect((await offerHttp2(gateway, '/ready')).statusCode).toBe(503)
    expect((await offerHttp2(gateway, '/nothing')).statusCode).toBe(404)
  })

  it('is answered again on the same connection', async () => {
    const gateway = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    let connections = 0
    gateway.server.on('connection', () => connections++)
    for (let turn = 0; turn < 3; turn++) {
      const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ __typename }"}'], { agent })
      expect(await textOf(response)).toBe('{"data":{"__typename":"Query"}}')
    }
    expect(connections).toBe(1)
  })

  it('has no more rights than others', async () => {
    const gateway = await start()
    const response = await offerHttp2(gateway, '/graphql', ['{"query":"{ __typename }"}'], {
      headers: { 'content-type': 'text/plain' },
    })
    expect(response.statusCode).toBe(415)
  })

  it('has an end when it comes slowly, however often something of it does', async () => {
    const timeouts = { headersTimeout: 100, requestTimeout: 300, connectionsCheckingInterval: 20 }
    const { connected } = await startPlain((request) => request.resume(), timeouts)
    const socket = await connected()
    socket.write(`${OFFER}Content-Length: 999\r\n\r\n`)
    const drip = setInterval(() => socket.write(' '), 20)
    onTestFinished(() => clearInterval(drip))
    const begunAt = performance.now()
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('HTTP/1.1 408 ')
    expect(performance.now() - begunAt).toBeGreaterThan(200)
    await once(socket, 'close')
  })

  it('leaves no connection behind when it is over, and none before it is answered', async () => {
    const waiting: ServerResponse[] = []
    const { plainHttp, connected } = await startPlain(({ url }, response) => {
      if (url === '/slow') waiting.push(response)
      else response.end('soon')
    })
    const [idle, slow] = [await connected(), await connected()]
    idle.write(`${OFFER}Content-Length: 0\r\n\r\n`)
    expect(String(await once(idle, 'data'))).toContain('soon')
    slow.write(`${OFFER.replace('/', '/slow')}Content-Length: 0\r\n\r\n`)
    await expect.poll(() => waiting.length).toBe(1)
    const closed = once(idle, 'close')
    const begunAt = performance.now()
    plainHttp.close()
    await closed
    waiting[0]!.end('late')
    expect(String(await once(slow, 'data'))).toContain('late')
    await once(slow, 'close')
    // By itself, Node keeps them for five seconds.
    expect(performance.now() - begunAt).toBeLessThan(3000)
  })
})

const OFFER = 'POST / HTTP/1.1\r\nHost: docket.test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n'

/** Without a gateway behind it. */
async function startPlain(...options: Parameters<typeof createHttpFallback>) {
  const plainHttp = createHttpFallback(...options)
  const server = createServer().on('upgrade', plainHttp.handle).listen(0, '127.0.0.1')
  onTestFinished(() => {
    plainHttp.destroy()
    server.close()
  })
  await once(server, 'listening')
  return {
    plainHttp,
    async connected(): Promise<Socket> {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => {})
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      return socket
    },
  }
}

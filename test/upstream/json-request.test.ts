import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestJson, type JsonRequest } from '../../src/upstream/json-request.js'
import { VendorError } from '../../src/job/errors.js'
import {
  hang,
  resetConnection,
  json,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

const closing: (() => Promise<unknown>)[] = []
let vendor: ScriptedVendor
beforeEach(async () => {
  vendor = await startScriptedVendor(json(200, { ok: true }))
  closing.push(vendor.close)
})
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

function request(options: Partial<JsonRequest> = {}, origin: URL = vendor.url) {
  const pool = new Pool(origin.origin, { connections: 1, maxResponseSize: 32 * 1024 * 1024 })
  closing.push(() => pool.destroy())
  return requestJson(pool, 'KODEXA', { method: 'GET', path: '/x', headers: {}, timeoutMs: 5000, ...options })
}

async function failure(options?: Partial<JsonRequest>, origin?: URL): Promise<VendorError> {
  const error: unknown = await request(options, origin).then(
    (answer) => new Error(`was answered: ${JSON.stringify(answer).slice(0, 200)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VendorError)
  return error as VendorError
}

describe('a response', () => {
  it('is returned with its status, headers and parsed body', async () => {
    vendor.answer(json(201, { id: 'a' }, { 'pagination-count': '3' }))
    const answer = await request()
    expect(answer).toMatchObject({ status: 201, body: { id: 'a' } })
    expect(answer.headers['pagination-count']).toBe('3')
  })

  it.each([200, 204, 301, 302, 304, 307, 400, 401, 404, 409, 429, 500, 502, 503])(
    'with status %i is returned and does not throw',
    async (status) => {
      vendor.answer(text(status, ''))
      expect(await request()).toMatchObject({ status, body: undefined })
    },
  )

  it.each([
    ['nothing', ''],
    ['HTML', '<!doctype html><title>Login</title>'],
    ['JSON that breaks off', '{"id":"a","status'],
    ['JSON and more', '{} {}'],
    ['a bare word', 'OK'],
    ['NaN', 'NaN'],
  ])('with %s for a body has no body', async (_what, body) => {
    vendor.answer(text(200, body, { 'content-type': 'application/json' }))
    expect(await request()).toMatchObject({ status: 200, body: undefined })
  })

  it.each([null, [], {}, 'text', 0, false])('may be any JSON: %j', async (body) => {
    vendor.answer(json(200, body))
    expect((await request()).body).toEqual(body)
  })

  it('is parsed whatever type it claims to have', async () => {
    vendor.answer(text(200, '{"id":"ä"}', { 'content-type': 'text/html' }))
    expect((await request()).body).toEqual({ id: 'ä' })
  })
})

describe('what is sent', () => {
  it.each(['GET', 'POST', 'PUT'] as const)(
    'is one %s with the path and the headers as they are given',
    async (method) => {
      await request({ method, path: '/a%2Fb?c=d', headers: { 'x-api-key': 'k' } })
      expect(vendor.requests).toEqual([`${method} /a%2Fb?c=d`])
      expect(vendor.headers[0]).toMatchObject({ 'x-api-key': 'k' })
    },
  )

  it.each([301, 302, 303, 307, 308])(
    'does not go to another host when the answer is a redirect with %i',
    async (status) => {
      const other = await startScriptedVendor(json(200, { stolen: true }))
      closing.push(other.close)
      vendor.answer(text(status, '', { location: new URL('/x', other.url).href }))
      expect(await request({ headers: { authorization: 'Bearer k' } })).toMatchObject({ status })
      expect(other.requests).toEqual([])
      expect(vendor.requests).toHaveLength(1)
    },
  )
})

describe('a vendor that does not respond in time', () => {
  it('is a timeout when it sends nothing', async () => {
    vendor.answer(hang)
    expect(await failure({ timeoutMs: 100 })).toMatchObject({
      code: 'VENDOR_TIMEOUT',
      vendor: 'KODEXA',
      details: { mayHaveArrived: true },
    })
    expect(vendor.requests).toHaveLength(1)
  })

  it('is a timeout when the body stops half-way', async () => {
    vendor.answer((_request, response) => void response.writeHead(200).write('{"id":'))
    expect(await failure({ timeoutMs: 100 })).toMatchObject({
      code: 'VENDOR_TIMEOUT',
      details: { mayHaveArrived: true },
    })
  })

  it('is a timeout when the body never ends', async () => {
    vendor.answer((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await failure({ timeoutMs: 150 })).toMatchObject({ code: 'VENDOR_TIMEOUT' })
  })

  it('is a timeout when it accepts the connection and never reads', async () => {
    const origin = await listen(() => {})
    expect(await failure({ timeoutMs: 100 }, origin)).toMatchObject({ code: 'VENDOR_TIMEOUT' })
  })
})

describe('a connection that fails', () => {
  it('is unavailable, and nothing was sent, when it is refused', async () => {
    const gone = await startScriptedVendor()
    await gone.close()
    const error = await failure({}, gone.url)
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE', vendor: 'KODEXA' })
    expect(error.details.mayHaveArrived ?? false).toBe(false)
  })

  it('is unavailable, and nothing was sent, when the connections were closed before', async () => {
    const pool = new Pool(vendor.url.origin)
    await pool.close()
    const closed = requestJson(pool, 'KODEXA', { method: 'PUT', path: '/x', headers: {}, timeoutMs: 5000 })
    const error = (await closed.catch((thrown: unknown) => thrown)) as VendorError
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE' })
    expect(error.details.mayHaveArrived).toBeFalsy()
    expect(vendor.requests).toHaveLength(0)
  })

  it('is unavailable, and nothing was sent, when the host is unknown', async () => {
    const error = await failure({}, new URL('http://nowhere.invalid'))
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE' })
    expect(error.details.mayHaveArrived ?? false).toBe(false)
  })

  const losses: [string, Script][] = [
    ['before the answer', resetConnection],
    ['in the middle of the headers', (request) => void request.socket.end('HTTP/1.1 200 OK\r\ncontent-ty')],
    [
      'in the middle of a body of known length',
      (request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"id":"a"')
        setImmediate(() => request.socket.destroy())
      },
    ],
    [
      'in the middle of a body in chunks',
      (request, response) => {
        response.writeHead(200).write('{"id":"a"}')
        setImmediate(() => request.socket.destroy())
      },
    ],
    ['by a reset', (request) => void request.socket.resetAndDestroy()],
  ]
  it.each(losses)('is unavailable, and may have arrived, when it is lost %s', async (_when, script) => {
    vendor.answer(script)
    const error = await failure()
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE', details: { mayHaveArrived: true } })
    expect(error.details.httpStatus).toBeUndefined()
  })

  it.each(['GET', 'POST', 'PUT'] as const)('is not retried after a lost %s', async (method) => {
    vendor.answer(resetConnection)
    await failure({ method })
    expect(vendor.requests).toHaveLength(1)
  })
})

describe('an invalid response', () => {
  it('is a bad response when it is not HTTP', async () => {
    const origin = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
    expect(await failure({}, origin)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE', details: { mayHaveArrived: true } })
  })

  it.each([
    ['headers of 100 KB', `x-much: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['ten thousand headers', `${'x-much: a\r\n'.repeat(10_000)}\r\n`],
    ['two lengths', 'content-length: 2\r\ncontent-length: 9\r\n\r\n{"id": 1}'],
    ['a length and chunks', 'content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
  ])('is a bad response when it has %s', async (_what, rest) => {
    const origin = await listen((socket) => socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`)))
    expect(await failure({}, origin)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE', details: { mayHaveArrived: true } })
  })

  it('is a bad response when it is nested a million deep, and is not parsed', async () => {
    vendor.answer(text(200, '['.repeat(1e6) + ']'.repeat(1e6)))
    expect(await failure()).toMatchObject({ code: 'VENDOR_BAD_RESPONSE', details: { mayHaveArrived: true } })
  })

  const tooMuch: [string, Record<string, string>][] = [
    ['says so', { 'content-length': String(33 * 1024 * 1024) }],
    ['comes in chunks', {}],
  ]
  it.each(tooMuch)('is a bad response when 33 MB of it %s', async (_how, headers) => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a')
    vendor.answer((_request, response) => {
      response.on('error', () => {})
      response.writeHead(200, headers)
      for (let sent = 0; sent < 33; sent++) response.write(megabyte)
      response.end()
    })
    expect(await failure({ timeoutMs: 20_000 })).toMatchObject({
      code: 'VENDOR_BAD_RESPONSE',
      details: { mayHaveArrived: true },
    })
  })

  it('is accepted when it is large but within the limit', async () => {
    vendor.answer(json(200, { text: 'a'.repeat(8 * 1024 * 1024) }))
    expect(await request()).toMatchObject({ status: 200 })
  })
})

describe('a caller that disconnects', () => {
  it('rejects the call with the reason of its signal and closes the connection', async () => {
    const caller = new AbortController()
    const reason = new Error('the caller has gone')
    let closed: () => void
    const seen = new Promise<void>((resolve) => (closed = resolve))
    vendor.answer((_request, response) => {
      response.on('close', closed)
      caller.abort(reason)
    })
    await expect(request({ signal: caller.signal })).rejects.toBe(reason)
    await seen
  })

  it('ends the call in the middle of the body', async () => {
    const caller = new AbortController()
    const reason = new Error('the caller has gone')
    vendor.answer((_request, response) => {
      response.writeHead(200).write('{"id":')
      setTimeout(() => caller.abort(reason), 20)
    })
    await expect(request({ signal: caller.signal })).rejects.toBe(reason)
  })

  it('before the request is sent sends nothing', async () => {
    const reason = new Error('the caller has gone')
    await expect(request({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(vendor.requests).toEqual([])
  })

  it('after the response changes nothing', async () => {
    const caller = new AbortController()
    const answer = await request({ signal: caller.signal })
    caller.abort()
    expect(answer).toMatchObject({ status: 200 })
  })
})

it('reveals neither path, headers nor host in any message', async () => {
  const asked = { path: '/secret-path', headers: { 'x-api-key': 'secret-key' } }
  const messages: string[] = []
  for (const script of [hang, resetConnection]) {
    vendor.answer(script)
    messages.push((await failure({ ...asked, timeoutMs: 100 })).message)
  }
  await vendor.close()
  messages.push((await failure(asked)).message)
  expect(messages).toHaveLength(3)
  for (const message of messages) expect(message).not.toMatch(/secret|127\.0\.0\.1|ECONN|UND_ERR/)
})

/** A server that speaks no HTTP of its own. */
async function listen(serve: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createUnlimitedLimiter } from '../../src/upstream/budget/unlimited-limiter.js'
import { BadInputError, VendorError, type VendorErrorCode } from '../../src/job/errors.js'
import { someCaller } from '../support/caller.js'
import {
  API_KEY,
  hang,
  hangUp,
  inTurn,
  json,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import { openUpstream, type TestUpstream, type TestUpstreamOptions } from '../support/upstream.js'

const HEADERS = { authorization: `Bearer ${API_KEY}`, accept: 'application/json' }

let vendor: ScriptedVendor
let upstream: TestUpstream
beforeEach(async () => {
  vendor = await startScriptedVendor(json(200, { ok: true }))
  upstream = open()
})
afterEach(async () => {
  vi.useRealTimers()
  await vendor.close()
  await upstream.close()
})

function open(options: Partial<TestUpstreamOptions> = {}): TestUpstream {
  return openUpstream({
    vendor: 'CORTEX',
    baseUrl: vendor.url,
    headers: HEADERS,
    timeoutMs: 2000,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody: (body) => ({
      message: (body as { message?: string } | undefined)?.message ?? null,
      incidentId: null,
    }),
    ...options,
  })
}

const read = () => upstream.client(someCaller()).read({ path: ['jobs', 'a'] })
const write = () => upstream.client(someCaller()).write({ method: 'POST', path: ['jobs', 'a', 'cancel'] })

async function failureOf(call: () => Promise<unknown>): Promise<VendorError> {
  const error: unknown = await call().then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VendorError)
  return error as VendorError
}

async function failTimes(times: number, call: () => Promise<unknown> = read): Promise<void> {
  for (let turn = 0; turn < times; turn++) await failureOf(call)
}

describe('a call', () => {
  it('goes below the base URL with every header', async () => {
    upstream = open({ baseUrl: new URL('/eu/vendor', vendor.url) })
    await upstream.client(someCaller()).read({ path: ['jobs', 'a b'], query: { page: 1, status: undefined } })
    await upstream.client(someCaller()).write({ method: 'PUT', path: ['jobs', 'a', 'cancel'] })
    expect(vendor.requests).toEqual(['GET /eu/vendor/jobs/a%20b?page=1', 'PUT /eu/vendor/jobs/a/cancel'])
    for (const headers of vendor.headers) expect(headers).toMatchObject(HEADERS)
  })

  it.each([200, 201, 202])('is answered by JSON of status %i', async (status) => {
    vendor.answer(json(status, { id: 'a' }))
    expect(await read()).toMatchObject({ status, body: { id: 'a' } })
    expect(await write()).toMatchObject({ status, body: { id: 'a' } })
  })

  it('that cannot be an address is refused and not sent', async () => {
    await expect(upstream.client(someCaller()).read({ path: ['jobs', '..'] })).rejects.toThrow(BadInputError)
    await expect(
      upstream.client(someCaller()).write({ method: 'POST', path: ['jobs', '..', 'cancel'] }),
    ).rejects.toThrow(BadInputError)
    expect(vendor.requests).toEqual([])
  })
})

describe('an answer that is no success', () => {
  const meanings: [number, VendorErrorCode, boolean][] = [
    [301, 'VENDOR_BAD_RESPONSE', true],
    [302, 'VENDOR_BAD_RESPONSE', true],
    [304, 'VENDOR_BAD_RESPONSE', true],
    [307, 'VENDOR_BAD_RESPONSE', true],
    [400, 'VENDOR_REJECTED', false],
    [401, 'VENDOR_UNAUTHORIZED', false],
    [403, 'VENDOR_UNAUTHORIZED', false],
    [404, 'VENDOR_REJECTED', false],
    [405, 'VENDOR_REJECTED', false],
    [409, 'VENDOR_REJECTED', false],
    [422, 'VENDOR_REJECTED', false],
    [429, 'VENDOR_RATE_LIMITED', false],
    [500, 'VENDOR_UNAVAILABLE', true],
    [502, 'VENDOR_UNAVAILABLE', true],
    [503, 'VENDOR_UNAVAILABLE', true],
    [504, 'VENDOR_UNAVAILABLE', true],
    [599, 'VENDOR_UNAVAILABLE', true],
  ]
  it.each(meanings)('of status %i is %s, for reads and writes alike', async (status, code, mayHaveArrived) => {
    vendor.answer(text(status, ''))
    for (const call of [read, write])
      expect(await failureOf(call)).toMatchObject({ vendor: 'CORTEX', code, details: { mayHaveArrived } })
    expect(vendor.requests).toHaveLength(2)
  })

  it('is a bad response when a 204 carries nothing, but a yes to whoever asked for a change', async () => {
    vendor.answer(text(204, ''))
    expect(await failureOf(write)).toMatchObject({
      code: 'VENDOR_BAD_RESPONSE',
      details: { mayHaveArrived: true, wasAccepted: true },
    })
  })

  it.each([
    ['HTML', '<html>'],
    ['nothing', ''],
    ['half of it', '{"id":'],
  ])('is a bad response when a 200 carries %s', async (_what, body) => {
    vendor.answer(text(200, body))
    const wasAccepted = body === ''
    for (const call of [read, write])
      expect(await failureOf(call)).toMatchObject({
        code: 'VENDOR_BAD_RESPONSE',
        details: { mayHaveArrived: true, wasAccepted },
      })
  })

  it.each([
    [429, '7', 7],
    [429, '0', 0],
    [429, '99999999', 3600],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [429, 'soon', null],
    [503, '30', 30],
    [500, '30', null],
    [400, '30', null],
  ])('of status %i with Retry-After %j waits %j seconds', async (status, header, seconds) => {
    vendor.answer(json(status, {}, { 'retry-after': header }))
    expect((await failureOf(read)).details.retryAfterSeconds).toBe(seconds)
  })

  it.each([24, -24])('that names a moment means it by its own clock, which is %i hours off', async (hours) => {
    const now = Date.now() + hours * 60 * 60 * 1000
    const dates = { date: new Date(now).toUTCString(), 'retry-after': new Date(now + 30_000).toUTCString() }
    vendor.answer(json(429, {}, dates))
    expect((await failureOf(read)).details.retryAfterSeconds).toBe(30)
  })

  it.each([
    ['a gzip bomb', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['JSON', gzipSync('{"ok":true}')],
  ])('is a bad response when it is compressed, and is not unpacked: %s', async (_what, body) => {
    vendor.answer((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body))
    const { code, message } = await failureOf(read)
    expect([code, message]).toEqual([
      'VENDOR_BAD_RESPONSE',
      'The answer of CORTEX is compressed, which was not asked for.',
    ])
  })

  it('may come without a Retry-After', async () => {
    vendor.answer(json(429, {}))
    const error = await failureOf(read)
    expect(error.details.retryAfterSeconds).toBeNull()
    expect(error.extensions()).toEqual({ code: 'VENDOR_RATE_LIMITED', vendor: 'CORTEX' })
  })

  it('keeps one line of what the vendor said, shortened and without the credential', async () => {
    vendor.answer(
      json(400, { message: `  Bearer ${API_KEY} is bad: ${'x'.repeat(400)}\n  at Vendor.check (vendor.js:1)` }),
    )
    const { details, message } = await failureOf(read)
    expect(details.vendorMessage).toMatch(/^Bearer \[secret\] is bad: x+…$/)
    expect(details.vendorMessage).toHaveLength(300)
    expect(message).toBe('CORTEX refused the request (HTTP 400).')
    vendor.answer(json(400, { message: '\n It is bad.\r\n  at Vendor.check (vendor.js:1)' }))
    expect((await failureOf(read)).details.vendorMessage).toBe('It is bad.')
  })

  it.each(['', '  \n ', undefined])(
    'keeps nothing of what the vendor said where it said nothing: %j',
    async (message) => {
      vendor.answer(json(400, { message }))
      expect((await failureOf(read)).details.vendorMessage).toBeNull()
    },
  )

  it.each([301, 302, 307, 308])('with %i sends nothing to the host that it points to', async (status) => {
    const other = await startScriptedVendor(json(200, { ok: true }))
    vendor.answer(text(status, '', { location: other.url.href }))
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE' })
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE' })
    expect(other.requests).toEqual([])
    await other.close()
  })
})

describe('a refusal in plain text', () => {
  it('is what the vendor said: one line, without the credential', async () => {
    vendor.answer(text(409, `Not with ${API_KEY}.\nat Vendor.check`, { 'content-type': 'text/plain; charset=utf-8' }))
    expect((await failureOf(write)).details.vendorMessage).toBe('Not with [secret].')
  })

  it('is nothing when it is compressed', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
    vendor.answer((_request, response) => response.writeHead(409, headers).end(gzipSync('No.')))
    expect((await failureOf(write)).details.vendorMessage).toBeNull()
  })

  it.each(['text/html', 'application/octet-stream'])(
    'is nothing that anybody should read when its type is %s',
    async (type) => {
      vendor.answer(text(502, '<html>proxy</html>', { 'content-type': type }))
      expect((await failureOf(write)).details.vendorMessage).toBeNull()
    },
  )
})

describe('an answer that does not come', () => {
  it('in time is a timeout', async () => {
    upstream = open({ timeoutMs: 100 })
    vendor.answer(hang)
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_TIMEOUT', details: { mayHaveArrived: true } })
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_TIMEOUT', details: { mayHaveArrived: true } })
  })

  it('because the connection is lost is unavailable', async () => {
    vendor.answer(hangUp)
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_UNAVAILABLE', details: { mayHaveArrived: true } })
    expect(vendor.requests).toHaveLength(1)
  })

  it('because nobody listens is unavailable, and nothing was sent', async () => {
    await vendor.close()
    const error = await failureOf(write)
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE' })
    expect(error.details.mayHaveArrived ?? false).toBe(false)
  })

  it('whole because it has 33 MB is a bad response', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a')
    upstream = open({ timeoutMs: 20_000 })
    vendor.answer((_request, response) => {
      response.on('error', () => {})
      response.writeHead(200).write('"')
      for (let sent = 0; sent < 33; sent++) response.write(megabyte)
      response.end('"')
    })
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE' })
  })

  it('because the caller left ends with the reason of the caller', async () => {
    const caller = new AbortController()
    const reason = new Error('gone')
    vendor.answer(() => caller.abort(reason))
    await expect(upstream.client(someCaller({ signal: caller.signal })).read({ path: ['jobs'] })).rejects.toBe(reason)
  })
})

describe('the circuit', () => {
  const OPENING: [string, Script][] = [
    ['a 500', text(500, '')],
    ['a 503', text(503, '')],
    ['a lost connection', hangUp],
  ]

  it.each(OPENING)('opens after %s ten times in a row, and then sends no read', async (_what, script) => {
    vendor.answer(script)
    await failTimes(9)
    expect(upstream.circuit()).toBe('CLOSED')
    await failTimes(1)
    expect(upstream.circuit()).toBe('OPEN')
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_UNAVAILABLE', details: { retryAfterSeconds: 5 } })
    expect(vendor.requests).toHaveLength(10)
  })

  it('opens after ten timeouts in a row', async () => {
    upstream = open({ timeoutMs: 20 })
    vendor.answer(hang)
    await failTimes(10)
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('opens after ten refused connections in a row', async () => {
    await vendor.close()
    await failTimes(10)
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('opens after ten failures at the same time', async () => {
    vendor.answer(text(500, ''))
    await Promise.all(Array.from({ length: 10 }, () => failureOf(read)))
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('says that nothing was sent, so that nobody looks for what became of it', async () => {
    vendor.answer(text(500, ''))
    await failTimes(10)
    const error = await failureOf(read)
    expect(error.details.mayHaveArrived ?? false).toBe(false)
    expect(error.extensions()).toEqual({ code: 'VENDOR_UNAVAILABLE', vendor: 'CORTEX', retryAfterSeconds: 5 })
  })

  it.each([400, 401, 403, 404, 409, 422])('stays closed however often the answer is %i', async (status) => {
    vendor.answer(text(status, ''))
    await failTimes(25)
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it('stays closed however many requests under way are answered 429', async () => {
    vendor.answer(text(429, ''))
    await Promise.all(Array.from({ length: 25 }, () => failureOf(read)))
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it.each([
    ['HTML', text(200, '<html>')],
    ['a redirect', text(302, '', { location: 'http://elsewhere.invalid' })],
  ])('stays closed however often the answer is %s', async (_what, script) => {
    vendor.answer(script)
    await failTimes(25)
    expect(upstream.circuit()).toBe('CLOSED')
  })

  it('stays closed however many callers leave', async () => {
    for (let turn = 0; turn < 25; turn++) {
      const caller = new AbortController()
      vendor.answer(() => caller.abort(new Error('gone')))
      await expect(upstream.client(someCaller({ signal: caller.signal })).read({ path: ['jobs'] })).rejects.toThrow(
        'gone',
      )
    }
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it('counts anew after a success', async () => {
    const nine = Array.from({ length: 9 }, () => text(500, ''))
    vendor.answer(inTurn(...nine, json(200, {}), text(500, '')))
    await failTimes(9)
    await read()
    await failTimes(9)
    expect(upstream.circuit()).toBe('CLOSED')
    await failTimes(1)
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('counts anew after a 404, which a vendor that is unwell does not answer', async () => {
    const nine = Array.from({ length: 9 }, () => text(500, ''))
    vendor.answer(inTurn(...nine, text(404, ''), text(500, '')))
    await failTimes(11)
    expect(upstream.circuit()).toBe('CLOSED')
  })

  it('lets writes through although it is open, and is not closed by them', async () => {
    vendor.answer(text(500, ''))
    await failTimes(10)
    await failureOf(write)
    expect(vendor.requests.slice(10)).toEqual(['POST /jobs/a/cancel'])
    vendor.answer(json(200, { id: 'a' }))
    expect(await write()).toMatchObject({ status: 200 })
    expect(vendor.requests.slice(10)).toEqual(['POST /jobs/a/cancel', 'POST /jobs/a/cancel'])
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('is not opened by writes', async () => {
    vendor.answer(text(500, ''))
    await failTimes(25, write)
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it('lets one read through after five seconds, and closes when it succeeds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vendor.answer(text(500, ''))
    await failTimes(10)
    vi.setSystemTime(Date.now() + 4999)
    await failureOf(read)
    expect(vendor.requests).toHaveLength(10)
    vi.setSystemTime(Date.now() + 1)
    vendor.answer(json(200, { ok: true }))
    await read()
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(11)
  })

  it('opens again when that one read fails', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vendor.answer(text(500, ''))
    await failTimes(10)
    vi.setSystemTime(Date.now() + 5000)
    await failTimes(3)
    expect(upstream.circuit()).toBe('OPEN')
    expect(vendor.requests).toHaveLength(11)
  })

  it('says that it is trying while that one read is under way', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vendor.answer(text(500, ''))
    await failTimes(10)
    vi.setSystemTime(Date.now() + 5000)
    let during = ''
    vendor.answer((request, response) => {
      during = upstream.circuit()
      json(200, {})(request, response)
    })
    await read()
    expect(during).toBe('HALF_OPEN')
  })

  it('is one for each vendor', async () => {
    const other = open({ vendor: 'KODEXA' })
    vendor.answer(text(500, ''))
    await failTimes(10)
    expect([upstream.circuit(), other.circuit()]).toEqual(['OPEN', 'CLOSED'])
    await other.close()
  })
})

it('sends a write at once, however many reads hang', async () => {
  vendor.answer((request, response) => void (request.method === 'POST' && json(200, { id: 'a' })(request, response)))
  const left = new AbortController()
  const reads = Array.from({ length: 100 }, () =>
    upstream.client(someCaller({ signal: left.signal })).read({ path: ['jobs'] }),
  )
  const outcomes = Promise.allSettled(reads)
  expect(await write()).toMatchObject({ body: { id: 'a' } })
  left.abort()
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)
})

it('ends what is under way before it is closed', async () => {
  let reply = () => {}
  const arrived = new Promise<void>((resolve) => {
    vendor.answer((request, response) => {
      reply = () => json(200, { id: 'a' })(request, response)
      resolve()
    })
  })
  const answer = read()
  await arrived
  const closed = upstream.close()
  reply()
  expect(await answer).toMatchObject({ body: { id: 'a' } })
  await closed
  upstream = open()
})

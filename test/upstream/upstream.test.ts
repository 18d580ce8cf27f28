import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BadInputError, type VendorErrorCode } from '../../src/job/errors.js'
import { testContext } from '../support/test-context.js'
import {
  API_KEY,
  hang,
  resetConnection,
  json,
  startScriptedVendor,
  text,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import { failureOf, HEADERS, openScriptedUpstream } from '../support/scripted-upstream.js'
import type { TestUpstream, TestUpstreamOptions } from '../support/upstream.js'

let vendor: ScriptedVendor
let upstream: TestUpstream
beforeEach(async () => {
  vendor = await startScriptedVendor(json(200, { ok: true }))
  upstream = open()
})
afterEach(async () => {
  await vendor.close()
  await upstream.close()
})

const open = (options: Partial<TestUpstreamOptions> = {}) => openScriptedUpstream(vendor, options)
const read = () => upstream.client(testContext()).read({ path: ['jobs', 'a'] })
const write = () => upstream.client(testContext()).write({ method: 'POST', path: ['jobs', 'a', 'cancel'] })

describe('a call', () => {
  it('goes below the base URL with every header', async () => {
    upstream = open({ baseUrl: new URL('/eu/vendor', vendor.url) })
    await upstream.client(testContext()).read({ path: ['jobs', 'a b'], query: { page: 1, status: undefined } })
    await upstream.client(testContext()).write({ method: 'PUT', path: ['jobs', 'a', 'cancel'] })
    expect(vendor.requests).toEqual(['GET /eu/vendor/jobs/a%20b?page=1', 'PUT /eu/vendor/jobs/a/cancel'])
    for (const headers of vendor.headers) expect(headers).toMatchObject(HEADERS)
  })

  it.each([200, 201, 202])('returns JSON with status %i', async (status) => {
    vendor.answer(json(status, { id: 'a' }))
    expect(await read()).toMatchObject({ status, body: { id: 'a' } })
    expect(await write()).toMatchObject({ status, body: { id: 'a' } })
  })

  it('with an invalid path is rejected and not sent', async () => {
    await expect(upstream.client(testContext()).read({ path: ['jobs', '..'] })).rejects.toThrow(BadInputError)
    await expect(
      upstream.client(testContext()).write({ method: 'POST', path: ['jobs', '..', 'cancel'] }),
    ).rejects.toThrow(BadInputError)
    expect(vendor.requests).toEqual([])
  })
})

describe('a response outside 2xx, or without JSON', () => {
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
  it.each(meanings)('with status %i becomes %s, for reads and writes', async (status, code, mayHaveArrived) => {
    vendor.answer(text(status, ''))
    for (const call of [read, write])
      expect(await failureOf(call)).toMatchObject({ vendor: 'CORTEX', code, details: { mayHaveArrived } })
    expect(vendor.requests).toHaveLength(2)
  })

  it('is a bad response with 204, but counts as accepted for a write', async () => {
    vendor.answer(text(204, ''))
    expect(await failureOf(write)).toMatchObject({
      code: 'VENDOR_BAD_RESPONSE',
      details: { mayHaveArrived: true, wasAccepted: true },
    })
  })

  it.each([
    ['HTML', '<html>'],
    ['nothing', ''],
    ['truncated JSON', '{"id":'],
  ])('is a bad response with 200 and a body of %s', async (_what, body) => {
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

  it.each([24, -24])('with a Retry-After date is read by the vendor clock, which is %i hours off', async (hours) => {
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
      'The response of CORTEX is compressed, which the gateway did not request.',
    ])
  })

  it('may come without a Retry-After', async () => {
    vendor.answer(json(429, {}))
    const error = await failureOf(read)
    expect(error.details.retryAfterSeconds).toBeNull()
    expect(error.extensions()).toEqual({ code: 'VENDOR_RATE_LIMITED', vendor: 'CORTEX' })
  })

  it('keeps the first line of the vendor message, shortened and without the credential', async () => {
    vendor.answer(
      json(400, { message: `  Bearer ${API_KEY} is bad: ${'x'.repeat(400)}\n  at Vendor.check (vendor.js:1)` }),
    )
    const { details, message } = await failureOf(read)
    expect(details.vendorMessage).toMatch(/^Bearer \[secret\] is bad: x+…$/)
    expect(details.vendorMessage).toHaveLength(300)
    expect(message).toBe('CORTEX rejected the request (HTTP 400).')
    vendor.answer(json(400, { message: '\n It is bad.\r\n  at Vendor.check (vendor.js:1)' }))
    expect((await failureOf(read)).details.vendorMessage).toBe('It is bad.')
  })

  it.each(['', '  \n ', undefined])('has no vendor message when the vendor sends %j', async (message) => {
    vendor.answer(json(400, { message }))
    expect((await failureOf(read)).details.vendorMessage).toBeNull()
  })

  it.each([301, 302, 307, 308])('with redirect %i sends nothing to the target host', async (status) => {
    const other = await startScriptedVendor(json(200, { ok: true }))
    vendor.answer(text(status, '', { location: other.url.href }))
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE' })
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_BAD_RESPONSE' })
    expect(other.requests).toEqual([])
    await other.close()
  })
})

describe('a plain-text error body', () => {
  it('becomes the vendor message: one line, without the credential', async () => {
    vendor.answer(text(409, `Not with ${API_KEY}.\nat Vendor.check`, { 'content-type': 'text/plain; charset=utf-8' }))
    expect((await failureOf(write)).details.vendorMessage).toBe('Not with [secret].')
  })

  it('is dropped when it is compressed', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
    vendor.answer((_request, response) => response.writeHead(409, headers).end(gzipSync('No.')))
    expect((await failureOf(write)).details.vendorMessage).toBeNull()
  })

  it.each(['text/html', 'application/octet-stream'])('is dropped when its type is %s', async (type) => {
    vendor.answer(text(502, '<html>proxy</html>', { 'content-type': type }))
    expect((await failureOf(write)).details.vendorMessage).toBeNull()
  })
})

describe('a missing response', () => {
  it('after the timeout is VENDOR_TIMEOUT', async () => {
    upstream = open({ timeoutMs: 100 })
    vendor.answer(hang)
    expect(await failureOf(read)).toMatchObject({ code: 'VENDOR_TIMEOUT', details: { mayHaveArrived: true } })
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_TIMEOUT', details: { mayHaveArrived: true } })
  })

  it('after a lost connection is VENDOR_UNAVAILABLE', async () => {
    vendor.answer(resetConnection)
    expect(await failureOf(write)).toMatchObject({ code: 'VENDOR_UNAVAILABLE', details: { mayHaveArrived: true } })
    expect(vendor.requests).toHaveLength(1)
  })

  it('after a refused connection is VENDOR_UNAVAILABLE, with nothing sent', async () => {
    await vendor.close()
    const error = await failureOf(write)
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE' })
    expect(error.details.mayHaveArrived ?? false).toBe(false)
  })

  it('because its body has 33 MB is VENDOR_BAD_RESPONSE', async () => {
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

  it('because the caller disconnected rejects with the reason of its signal', async () => {
    const caller = new AbortController()
    const reason = new Error('gone')
    vendor.answer(() => caller.abort(reason))
    await expect(upstream.client(testContext({ signal: caller.signal })).read({ path: ['jobs'] })).rejects.toBe(reason)
  })
})

it('sends a write at once while many reads hang', async () => {
  vendor.answer((request, response) => void (request.method === 'POST' && json(200, { id: 'a' })(request, response)))
  const disconnect = new AbortController()
  const reads = Array.from({ length: 100 }, () =>
    upstream.client(testContext({ signal: disconnect.signal })).read({ path: ['jobs'] }),
  )
  const outcomes = Promise.allSettled(reads)
  expect(await write()).toMatchObject({ body: { id: 'a' } })
  disconnect.abort()
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)
})

it('finishes calls in flight before it closes', async () => {
  let reply = () => {}
  const arrived = new Promise<void>((resolve) => {
    vendor.answer((request, response) => {
      reply = () => json(200, { id: 'a' })(request, response)
      resolve()
    })
  })
  const response = read()
  await arrived
  const closed = upstream.close()
  reply()
  expect(await response).toMatchObject({ body: { id: 'a' } })
  await closed
  upstream = open()
})

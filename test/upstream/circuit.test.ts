import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { testContext } from '../support/test-context.js'
import { failureOf, openScriptedUpstream } from '../support/scripted-upstream.js'
import {
  hang,
  resetConnection,
  inSequence,
  json,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import type { TestUpstream, TestUpstreamOptions } from '../support/upstream.js'

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

const open = (options: Partial<TestUpstreamOptions> = {}) => openScriptedUpstream(vendor, options)
const read = () => upstream.client(testContext()).read({ path: ['jobs', 'a'] })
const write = () => upstream.client(testContext()).write({ method: 'POST', path: ['jobs', 'a', 'cancel'] })

async function failTimes(times: number, call: () => Promise<unknown> = read): Promise<void> {
  for (let attempt = 0; attempt < times; attempt++) await failureOf(call)
}

describe('the circuit', () => {
  const OPENING: [string, Script][] = [
    ['a 500', text(500, '')],
    ['a 503', text(503, '')],
    ['a lost connection', resetConnection],
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

  it('reports that nothing was sent while it is open', async () => {
    vendor.answer(text(500, ''))
    await failTimes(10)
    const error = await failureOf(read)
    expect(error.details.mayHaveArrived ?? false).toBe(false)
    expect(error.extensions()).toEqual({ code: 'VENDOR_UNAVAILABLE', vendor: 'CORTEX', retryAfterSeconds: 5 })
  })

  it.each([400, 401, 403, 404, 409, 422])('stays closed however often the response is %i', async (status) => {
    vendor.answer(text(status, ''))
    await failTimes(25)
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it('stays closed when many requests in flight get 429', async () => {
    vendor.answer(text(429, ''))
    await Promise.all(Array.from({ length: 25 }, () => failureOf(read)))
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it.each([
    ['HTML', text(200, '<html>')],
    ['a redirect', text(302, '', { location: 'http://elsewhere.invalid' })],
  ])('stays closed however often the response is %s', async (_what, script) => {
    vendor.answer(script)
    await failTimes(25)
    expect(upstream.circuit()).toBe('CLOSED')
  })

  it('stays closed however many callers disconnect', async () => {
    for (let attempt = 0; attempt < 25; attempt++) {
      const caller = new AbortController()
      vendor.answer(() => caller.abort(new Error('gone')))
      await expect(upstream.client(testContext({ signal: caller.signal })).read({ path: ['jobs'] })).rejects.toThrow(
        'gone',
      )
    }
    expect(upstream.circuit()).toBe('CLOSED')
    expect(vendor.requests).toHaveLength(25)
  })

  it('resets its count after a success', async () => {
    const nine = Array.from({ length: 9 }, () => text(500, ''))
    vendor.answer(inSequence(...nine, json(200, {}), text(500, '')))
    await failTimes(9)
    await read()
    await failTimes(9)
    expect(upstream.circuit()).toBe('CLOSED')
    await failTimes(1)
    expect(upstream.circuit()).toBe('OPEN')
  })

  it('resets its count after a 404', async () => {
    const nine = Array.from({ length: 9 }, () => text(500, ''))
    vendor.answer(inSequence(...nine, text(404, ''), text(500, '')))
    await failTimes(11)
    expect(upstream.circuit()).toBe('CLOSED')
  })

  it('lets writes through while open, and does not close after they succeed', async () => {
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

  it('lets one trial read through after five seconds, and closes when it succeeds', async () => {
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

  it('opens again when the trial read fails', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vendor.answer(text(500, ''))
    await failTimes(10)
    vi.setSystemTime(Date.now() + 5000)
    await failTimes(3)
    expect(upstream.circuit()).toBe('OPEN')
    expect(vendor.requests).toHaveLength(11)
  })

  it('is half open while the trial read is in flight', async () => {
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

  it('is separate for each vendor', async () => {
    const other = open({ vendor: 'KODEXA' })
    vendor.answer(text(500, ''))
    await failTimes(10)
    expect([upstream.circuit(), other.circuit()]).toEqual(['OPEN', 'CLOSED'])
    await other.close()
  })
})

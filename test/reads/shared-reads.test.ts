import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { VendorError } from '../../src/job/errors.js'
import { silentLog } from '../../src/job/log.js'
import { createMeter } from '../../src/job/meter.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { testContext } from '../support/test-context.js'
import { jobWith, nameOf, openVendorReads, type JobRequest, type VendorReads } from '../support/vendor-reads.js'

describe('a read of a job', () => {
  it('is served from the cache when the job was read shortly before', async () => {
    const { read, reads } = openVendorReads()
    const meter = createMeter()
    const first = await read('1')
    expect(await read('1', 'plain', { meter })).toEqual(first)
    expect(reads).toEqual(['plain 1'])
    expect(meter.usage()).toMatchObject({ KODEXA: { cached: 1, shared: 0, calls: 0 } })
  })

  it('caches that the vendor does not know the job', async () => {
    const { read, reads, respondWith } = openVendorReads()
    respondWith(() => null)
    expect([await read('1'), await read('1')]).toEqual([null, null])
    expect(reads).toEqual(['plain 1'])
  })

  it('is repeated after an error', async () => {
    const { read, reads, respondWith } = openVendorReads()
    respondWith(() => new Error('read failed'))
    expect(nameOf(await read('1'))).toBe('read failed')
    respondWith(() => jobWith('1', 'RUNNING', 'recovered'))
    expect(nameOf(await read('1'))).toBe('recovered')
    expect(reads).toHaveLength(2)
  })

  it('is shared by all concurrent callers', async () => {
    const { items, reads } = openVendorReads(createSharedState({ terminalMs: 0, liveMs: 0, log: silentLog }))
    const meter = createMeter()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => items.read([{ address: '1', detail: 'plain' }], testContext({ meter }))),
    )
    expect(all).toEqual(Array.from({ length: 50 }, () => [jobWith('1')]))
    expect(reads).toEqual(['plain 1'])
    expect(meter.usage()).toMatchObject({ KODEXA: { shared: 49, cached: 0 } })
  })

  it('is rejected without a request, unless the job is cached from another operation', async () => {
    const { items, read, reads } = openVendorReads()
    expect(nameOf(await read('secret'))).toBe('this job cannot be read')
    items.replace({ address: 'secret', detail: 'plain' }, jobWith('secret', 'CANCELLED', 'cached'), true)
    expect(nameOf(await read('secret'))).toBe('cached')
    expect(nameOf(await read('secret', 'verbose'))).toBe('this job cannot be read')
    expect(nameOf(await read('secret', 'plain', { maxAge: 'new' }))).toBe('this job cannot be read')
    expect(reads).toEqual([])
  })

  it('returns results in the order of the requests, cached or not', async () => {
    const { items, read, reads } = openVendorReads()
    await read('2')
    const requests = ['1', '2', '3', 'secret', '2'].map((address): JobRequest => ({ address, detail: 'plain' }))
    const results = await items.read(requests, testContext())
    expect(results).toEqual([
      jobWith('1'),
      jobWith('2'),
      jobWith('3'),
      new Error('this job cannot be read'),
      jobWith('2'),
    ])
    expect(reads).toEqual(['plain 2', 'plain 1', 'plain 3'])
  })
})

describe('a caller that bypasses the cache', () => {
  it('gets a fresh read, which refreshes the cache for the others', async () => {
    const { read, reads, respondWith } = openVendorReads()
    await read('1')
    respondWith(() => jobWith('1', 'COMPLETED', 'newer'))
    const meter = createMeter()
    expect(nameOf(await read('1', 'plain', { maxAge: 'new', meter }))).toBe('newer')
    expect(nameOf(await read('1'))).toBe('newer')
    expect(reads).toHaveLength(2)
    expect(meter.usage()).toEqual({})
  })

  it('joins reads that started after its request', async () => {
    const { read, reads, hold } = openVendorReads()
    const release = hold()
    const early = read('1')
    await delay(2)
    const requestedAt = performance.now()
    await delay(2)
    const fresh = [
      read('1', 'plain', { maxAge: 'new', requestedAt }),
      read('1', 'plain', { maxAge: 'new', requestedAt }),
    ]
    await tick()
    release()
    await Promise.all([early, ...fresh])
    expect(reads).toEqual(['plain 1', 'plain 1'])
  })

  it('does not join reads that are already in flight', async () => {
    const { read, reads, respondWith, hold } = openVendorReads()
    const release = hold()
    const early = read('1')
    await tick()
    respondWith(() => jobWith('1', 'RUNNING', 'newer'))
    const fresh = read('1', 'plain', { maxAge: 'new' })
    await tick()
    release()
    expect([nameOf(await early), nameOf(await fresh)]).toEqual([null, 'newer'])
    expect(reads).toHaveLength(2)
  })
})

describe('a caller that waits for the result', () => {
  it('does not join a background poll', async () => {
    const { read, reads, hold } = openVendorReads()
    const release = hold()
    const poll = read('1', 'plain', { priority: 'poll' })
    await tick()
    const waiting = read('1')
    await tick()
    expect(reads).toHaveLength(2)
    release()
    await Promise.all([poll, waiting])
  })

  it('gets the abort reason when it disconnects, while the others get the job', async () => {
    const { read, hold } = openVendorReads()
    const release = hold()
    const controller = new AbortController()
    const disconnected = read('1', 'plain', { signal: controller.signal })
    const remaining = read('1')
    await tick()
    const reason = new Error('gone')
    controller.abort(reason)
    expect(await disconnected).toBe(reason)
    release()
    expect(await remaining).toEqual(jobWith('1'))
  })
})

describe('a rejection because the deadline has passed', () => {
  const deadlineError = (httpStatus?: number) =>
    new VendorError('KODEXA', 'VENDOR_RATE_LIMITED', 'deadline passed', httpStatus === undefined ? {} : { httpStatus })

  /** Makes the next permit wait. Returns a function that rejects it; later permits are granted at once. */
  function rejectablePermit({ waitForPermitWith }: VendorReads): (error: Error) => Promise<void> {
    let rejectPermit: (error: Error) => void = () => {}
    waitForPermitWith(() => new Promise((_resolve, reject) => (rejectPermit = reject)))
    return async (error) => {
      waitForPermitWith(() => Promise.resolve())
      rejectPermit(error)
      await tick()
    }
  }

  it('does not affect other callers of the same job with a later deadline', async () => {
    const vendorReads = openVendorReads()
    const reject = rejectablePermit(vendorReads)
    const early = vendorReads.read('1', 'plain', { deadline: performance.now() + 1000 })
    const later = [vendorReads.read('1'), vendorReads.read('1')]
    await tick()
    await reject(deadlineError())
    expect(nameOf(await early)).toBe('deadline passed')
    expect(await Promise.all(later)).toEqual([jobWith('1'), jobWith('1')])
    expect(vendorReads.reads).toEqual(['plain 1'])
  })

  it('reaches all callers whose deadline has passed', async () => {
    const vendorReads = openVendorReads()
    const reject = rejectablePermit(vendorReads)
    const deadline = performance.now() - 1
    const both = [vendorReads.read('1', 'plain', { deadline }), vendorReads.read('1', 'plain', { deadline })]
    await tick()
    await reject(deadlineError())
    expect((await Promise.all(both)).map(nameOf)).toEqual(['deadline passed', 'deadline passed'])
    expect(vendorReads.reads).toEqual([])
  })

  it('reaches every caller when it comes from the vendor', async () => {
    const vendorReads = openVendorReads()
    const reject = rejectablePermit(vendorReads)
    const both = [vendorReads.read('1', 'plain', { deadline: performance.now() + 1000 }), vendorReads.read('1')]
    await tick()
    await reject(deadlineError(429))
    expect((await Promise.all(both)).map(nameOf)).toEqual(['deadline passed', 'deadline passed'])
    expect(vendorReads.reads).toEqual([])
  })
})

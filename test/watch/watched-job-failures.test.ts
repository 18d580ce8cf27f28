import { describe, expect, it, vi } from 'vitest'
import { BadInputError, VENDOR_ERROR_CODES } from '../../src/job/errors.js'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { type ReadResult } from '../support/fake-vendor.js'
import { vendorError, jobWithStatus } from '../support/test-job.js'
import { HOUR, openWatchedJob, OUTAGE_GRACE_MS, POLL_MS, running } from '../support/watched-job.js'

useFakeTimers()

const PERMANENT = ['UNAUTHENTICATED', 'VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED'] as const
const TRANSIENT = VENDOR_ERROR_CODES.filter((code) => !(PERMANENT as readonly string[]).includes(code))

describe('a permanent failure', () => {
  it.each<[what: string, result: ReadResult, name: string]>([
    ['is unknown', null, 'NOT_FOUND'],
    ['has an invalid id', new BadInputError('This is not an id.'), 'BAD_INPUT'],
    ...PERMANENT.map((code): [string, ReadResult, string] => [`fails with ${code}`, vendorError(code), code]),
    ['causes a bug', new TypeError('undefined is not a function'), 'TypeError'],
  ])('fails for all subscribers and completes when the job %s', async (_what, result, name) => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    vendor.respondWith(() => running())
    const subscribers = [subscribe('status'), subscribe('name')]
    await advance()
    vendor.respondWith(() => result)
    await advance(HOUR)
    expect(subscribers.map(({ received }) => received)).toEqual(Array(2).fill(['RUNNING', name, 'completed']))
    expect(vendor.reads).toHaveLength(3)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails at once for a new subscriber, and for no other', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    const first = subscribe('status')
    await advance()
    vendor.respondWith(() => new TypeError('this selection alone'))
    const late = subscribe('name')
    await advance()
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(HOUR)
    expect(late.received).toEqual(['TypeError', 'completed'])
    expect(first.received).toEqual(['RUNNING', 'COMPLETED', 'completed'])
  })
})

describe('a transient failure', () => {
  it.each(TRANSIENT)('is not reported during the grace period: %s', async (code) => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    vendor.respondWith(() => vendorError(code))
    await advance(OUTAGE_GRACE_MS - POLL_MS)
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', 'COMPLETED', 'completed'])
  })

  it('is reported once when it lasts, and then the state of the job, even if unchanged', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    vendor.respondWith(() => vendorError())
    await advance(OUTAGE_GRACE_MS + 2 * POLL_MS)
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    vendor.respondWith(() => running())
    await advance(10_600)
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', 'RUNNING'])
    vendor.respondWith(() => vendorError('VENDOR_TIMEOUT'))
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', 'RUNNING', 'VENDOR_TIMEOUT'])
  })

  it('is also reported to a subscriber that has received no state yet', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => vendorError())
    const { received } = subscribe('status')
    await advance(OUTAGE_GRACE_MS - POLL_MS)
    expect(received).toEqual([])
    await advance(2 * POLL_MS)
    expect(received).toEqual(['VENDOR_UNAVAILABLE'])
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(HOUR)
    expect(received).toEqual(['VENDOR_UNAVAILABLE', 'COMPLETED', 'completed'])
  })

  it('is reported to a new subscriber at once after the grace period', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => vendorError())
    const first = subscribe('status')
    await advance(HOUR)
    const late = subscribe('status')
    await advance()
    expect(late.received).toEqual(['VENDOR_UNAVAILABLE'])
    expect(first.received).toEqual(['VENDOR_UNAVAILABLE'])
  })

  it('makes polls rare, and respects Retry-After', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => vendorError())
    subscribe('status')
    await advance(60_000)
    expect(vendor.reads.length).toBeLessThanOrEqual(12)
    vendor.respondWith(() => vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds: 30 }))
    await advance(10_600)
    const { length } = vendor.reads
    await advance(19_000)
    expect(vendor.reads).toHaveLength(length)
    await advance(12_000)
    expect(vendor.reads).toHaveLength(length + 1)
  })

  it('does not lengthen the backoff when many polls saw the same failure', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => vendorError())
    const subscribers = Array.from({ length: 50 }, () => subscribe('status'))
    await advance(2 * POLL_MS)
    vendor.respondWith(() => running())
    await advance(4 * POLL_MS)
    expect(subscribers.map(({ received }) => received)).toEqual(Array(50).fill(['RUNNING']))
  })
})

import { describe, expect, it, vi } from 'vitest'
import type { VendorError } from '../../src/job/errors.js'
import { createOutageTracker } from '../../src/watch/outage-tracker.js'
import { useFakeTimers } from '../support/fake-timers.js'
import { vendorError } from '../support/test-job.js'

const BOUNDS = { minMs: 600, maxMs: 10_000 }
const OUTAGE_GRACE_MS = 15_000

/** A tracker of consecutive attempts. */
function openTracker(outageGraceMs = OUTAGE_GRACE_MS) {
  const outage = createOutageTracker({ bounds: BOUNDS, outageGraceMs })
  return { ...outage, fail: (error: VendorError, startedAt = Infinity) => outage.recordFailure(error, startedAt) }
}

useFakeTimers()

describe('an outage', () => {
  it('starts with a failure and ends with a success', () => {
    const tracker = openTracker()
    expect(tracker.isActive()).toBe(false)
    tracker.fail(vendorError())
    expect(tracker.isActive()).toBe(true)
    tracker.recordSuccess()
    expect(tracker.isActive()).toBe(false)
  })

  it('is reported when the grace period since its first failure has passed', () => {
    const tracker = openTracker()
    expect(tracker.fail(vendorError())).toBe(false)
    vi.advanceTimersByTime(OUTAGE_GRACE_MS - 1)
    expect(tracker.fail(vendorError())).toBe(false)
    vi.advanceTimersByTime(1)
    expect(tracker.fail(vendorError())).toBe(true)
    expect(tracker.fail(vendorError())).toBe(true)
  })

  it('starts a new grace period after a success', () => {
    const tracker = openTracker()
    tracker.fail(vendorError())
    vi.advanceTimersByTime(OUTAGE_GRACE_MS)
    tracker.recordSuccess()
    expect(tracker.fail(vendorError())).toBe(false)
    expect(tracker.backoffMs()).toBe(BOUNDS.minMs)
    vi.advanceTimersByTime(OUTAGE_GRACE_MS)
    expect(tracker.fail(vendorError())).toBe(true)
  })

  it('is reported with its first failure when there is no grace period', () => {
    expect(openTracker(0).fail(vendorError())).toBe(true)
  })
})

describe('the backoff', () => {
  it('doubles with each failure up to the maximum', () => {
    const tracker = openTracker(1_000_000)
    const delays = Array.from({ length: 7 }, () => {
      tracker.fail(vendorError())
      return tracker.backoffMs()
    })
    expect(delays).toEqual([600, 1200, 2400, 4800, 9600, 10_000, 10_000])
  })

  it('counts concurrent attempts once', () => {
    const tracker = openTracker()
    const startedAt = performance.now()
    for (let attempt = 0; attempt < 50; attempt++) {
      vi.advanceTimersByTime(1)
      tracker.fail(vendorError(), startedAt)
    }
    expect(tracker.backoffMs()).toBe(600)
    tracker.fail(vendorError(), performance.now())
    expect(tracker.backoffMs()).toBe(1200)
  })

  it('stays finite after any number of failures', () => {
    const tracker = openTracker()
    vi.advanceTimersByTime(1)
    for (let times = 0; times < 5000; times++) tracker.fail(vendorError())
    vi.advanceTimersByTime(OUTAGE_GRACE_MS)
    expect(tracker.backoffMs()).toBe(BOUNDS.maxMs)
  })

  it('is shortened by a random share of at most a fifth', () => {
    vi.mocked(Math.random).mockRestore()
    const tracker = openTracker()
    tracker.fail(vendorError())
    const delays = Array.from({ length: 1000 }, () => tracker.backoffMs())
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(480)
    expect(Math.max(...delays)).toBeLessThanOrEqual(600)
    expect(new Set(delays).size).toBeGreaterThan(900)
  })

  it('does not reach far beyond the end of the grace period', () => {
    const tracker = openTracker()
    for (let times = 0; times < 10; times++) tracker.fail(vendorError())
    vi.advanceTimersByTime(13_000)
    expect(tracker.backoffMs()).toBe(2000)
    vi.advanceTimersByTime(1900)
    expect(tracker.backoffMs()).toBe(BOUNDS.minMs)
    vi.advanceTimersByTime(100)
    expect(tracker.backoffMs()).toBe(BOUNDS.maxMs)
  })

  it('honours Retry-After up to a minute', () => {
    const tracker = openTracker()
    const backoffAfter = (retryAfterSeconds: number | null) => {
      tracker.fail(vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds }))
      return tracker.backoffMs()
    }
    expect(backoffAfter(5)).toBe(5000)
    expect(backoffAfter(0)).toBe(1200)
    expect(backoffAfter(null)).toBe(2400)
    expect(backoffAfter(86_400)).toBe(60_000)
    // The latest failure counts.
    tracker.fail(vendorError())
    expect(tracker.backoffMs()).toBe(9600)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { VendorError } from '../../src/job/errors.js'
import { createOutageTracker } from '../../src/watch/outage-tracker.js'
import { failure } from '../support/some-job.js'

const PACE = { minMs: 600, maxMs: 10_000 }
const OUTAGE_MS = 15_000

/** An outage whose attempts come one after the other. */
function open(outageMs = OUTAGE_MS) {
  const outage = createOutageTracker({ bounds: PACE, outageGraceMs: outageMs })
  return { ...outage, add: (error: VendorError, begunAt = Infinity) => outage.recordFailure(error, begunAt) }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('an outage', () => {
  it('begins with a failure and ends when it is said to', () => {
    const outage = open()
    expect(outage.isActive()).toBe(false)
    outage.add(failure())
    expect(outage.isActive()).toBe(true)
    outage.recordSuccess()
    expect(outage.isActive()).toBe(false)
  })

  it('is told when it has lasted, from its first failure on', () => {
    const outage = open()
    expect(outage.add(failure())).toBe(false)
    vi.advanceTimersByTime(OUTAGE_MS - 1)
    expect(outage.add(failure())).toBe(false)
    vi.advanceTimersByTime(1)
    expect(outage.add(failure())).toBe(true)
    expect(outage.add(failure())).toBe(true)
  })

  it('is a new one after it has ended', () => {
    const outage = open()
    outage.add(failure())
    vi.advanceTimersByTime(OUTAGE_MS)
    outage.recordSuccess()
    expect(outage.add(failure())).toBe(false)
    expect(outage.backoffMs()).toBe(PACE.minMs)
    vi.advanceTimersByTime(OUTAGE_MS)
    expect(outage.add(failure())).toBe(true)
  })

  it('is told with its first failure where nothing is to be kept quiet', () => {
    expect(open(0).add(failure())).toBe(true)
  })
})

describe('the pause before the next attempt', () => {
  it('is twice as long after each failure, up to the longest', () => {
    const outage = open(1_000_000)
    const pauses = Array.from({ length: 7 }, () => {
      outage.add(failure())
      return outage.backoffMs()
    })
    expect(pauses).toEqual([600, 1200, 2400, 4800, 9600, 10_000, 10_000])
  })

  it('is not longer for attempts that were under way together', () => {
    const outage = open()
    const begunAt = performance.now()
    for (let attempt = 0; attempt < 50; attempt++) {
      vi.advanceTimersByTime(1)
      outage.add(failure(), begunAt)
    }
    expect(outage.backoffMs()).toBe(600)
    outage.add(failure(), performance.now())
    expect(outage.backoffMs()).toBe(1200)
  })

  it('stays finite however long it goes on', () => {
    const outage = open()
    vi.advanceTimersByTime(1)
    for (let times = 0; times < 5000; times++) outage.add(failure())
    vi.advanceTimersByTime(OUTAGE_MS)
    expect(outage.backoffMs()).toBe(PACE.maxMs)
  })

  it('is shortened at random, by a fifth at most, so that those who wait do not come back together', () => {
    vi.mocked(Math.random).mockRestore()
    const outage = open()
    outage.add(failure())
    const pauses = Array.from({ length: 1000 }, () => outage.backoffMs())
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(480)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(600)
    expect(new Set(pauses).size).toBeGreaterThan(900)
  })

  it('does not reach far beyond the time at which it is to be told', () => {
    const outage = open()
    for (let times = 0; times < 10; times++) outage.add(failure())
    vi.advanceTimersByTime(13_000)
    expect(outage.backoffMs()).toBe(2000)
    vi.advanceTimersByTime(1900)
    expect(outage.backoffMs()).toBe(PACE.minMs)
    vi.advanceTimersByTime(100)
    expect(outage.backoffMs()).toBe(PACE.maxMs)
  })

  it('is at least as long as the vendor asks for, and no longer than a minute for that', () => {
    const outage = open()
    const asked = (retryAfterSeconds: number | null) => {
      outage.add(failure('VENDOR_RATE_LIMITED', { retryAfterSeconds }))
      return outage.backoffMs()
    }
    expect(asked(5)).toBe(5000)
    expect(asked(0)).toBe(1200)
    expect(asked(null)).toBe(2400)
    expect(asked(86_400)).toBe(60_000)
    // The vendor's last word counts.
    outage.add(failure())
    expect(outage.backoffMs()).toBe(9600)
  })
})

import { describe, expect, it } from 'vitest'
import { budgetOf, createRate, waitFor } from '../../../src/http/budget/rate.js'

describe('the rate for 500 a minute', () => {
  const rate = createRate({ limit: 500 })

  it('is 390 a minute and 100 at once, of them 50 for cancels', () => {
    expect(60_000 / rate.intervalMs).toBeCloseTo(390, 2)
    expect(rate.cancelToleranceMs / rate.intervalMs).toBeCloseTo(100, 6)
    expect(rate.readToleranceMs / rate.intervalMs).toBeCloseTo(50, 6)
  })

  it('makes everybody wait for those who go first', () => {
    expect(waitFor(rate, 0, 'read')).toBe(0)
    expect(waitFor(rate, 0, 'read', 49)).toBe(0)
    expect(waitFor(rate, 0, 'read', 50)).toBeCloseTo(rate.intervalMs, 6)
    expect(waitFor(rate, 0, 'cancel', 50)).toBe(0)
    expect(waitFor(rate, rate.cancelToleranceMs, 'cancel', 9)).toBeCloseTo(10 * rate.intervalMs, 6)
  })

  it('says what is left, never less than nothing, and nothing in a pause', () => {
    const left = (sent: number, clearsInMs: number, pausedMs: number) => budgetOf(500, { sent, clearsInMs, pausedMs })
    expect(left(0, 0, 0)).toEqual({ limit: 500, remaining: 500, resetsInSeconds: 0 })
    expect(left(50, 9000, 0)).toEqual({ limit: 500, remaining: 450, resetsInSeconds: 9 })
    expect(left(600, 9000, 0)).toEqual({ limit: 500, remaining: 0, resetsInSeconds: 9 })
    expect(left(1, 1000, 7000)).toEqual({ limit: 500, remaining: 0, resetsInSeconds: 7 })
  })

  it('gives four instances a quarter each', () => {
    expect(60_000 / rate.share(4).intervalMs).toBeCloseTo(390 / 4, 2)
  })
})

describe('any rate', () => {
  const limits = Array.from({ length: 991 }, (_, index) => index + 10)

  it('lets no more through in a window than 98 % of the limit', () => {
    for (const limit of limits) {
      const rate = createRate({ limit })
      expect((rate.cancelToleranceMs + rate.windowMs) / rate.intervalMs).toBeLessThanOrEqual(
        Math.floor(limit * 0.98) + 1e-6,
      )
    }
  })

  it('keeps room for cancels that reads cannot have', () => {
    for (const limit of limits) {
      const { cancelToleranceMs, readToleranceMs, intervalMs } = createRate({ limit })
      const kept = Math.round((cancelToleranceMs - readToleranceMs) / intervalMs)
      expect(kept).toBe(Math.floor(limit * 0.2) - Math.max(1, Math.floor(limit * 0.2) - Math.floor(limit * 0.1)))
      expect(kept).toBeGreaterThanOrEqual(1)
    }
  })

  it('lets every instance that is alone send something, and all of them together no more than the limit', () => {
    for (const limit of limits) {
      const rate = createRate({ limit })
      for (const instances of [1, 2, 3, 4, 7].filter((count) => count < limit * 0.9)) {
        const share = rate.share(instances)
        expect(share.readToleranceMs).toBeGreaterThanOrEqual(share.intervalMs)
        const most = Math.floor((share.cancelToleranceMs + rate.windowMs) / share.intervalMs + 1e-6)
        expect(most * instances).toBeLessThanOrEqual(limit)
      }
    }
  })
})

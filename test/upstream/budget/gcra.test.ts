import { describe, expect, it } from 'vitest'
import { toVendorBudget, createGcraLimit, gcraWaitMs } from '../../../src/upstream/budget/gcra.js'

describe('the rate for 500 a minute', () => {
  const rate = createGcraLimit({ limit: 500 })

  it('is 390 a minute and 100 at once, of them 50 for cancels', () => {
    expect(60_000 / rate.emissionIntervalMs).toBeCloseTo(390, 2)
    expect(rate.cancelToleranceMs / rate.emissionIntervalMs).toBeCloseTo(100, 6)
    expect(rate.readToleranceMs / rate.emissionIntervalMs).toBeCloseTo(50, 6)
  })

  it('adds one interval for each request ahead', () => {
    expect(gcraWaitMs(rate, 0, 'read')).toBe(0)
    expect(gcraWaitMs(rate, 0, 'read', 49)).toBe(0)
    expect(gcraWaitMs(rate, 0, 'read', 50)).toBeCloseTo(rate.emissionIntervalMs, 6)
    expect(gcraWaitMs(rate, 0, 'cancel', 50)).toBe(0)
    expect(gcraWaitMs(rate, rate.cancelToleranceMs, 'cancel', 9)).toBeCloseTo(10 * rate.emissionIntervalMs, 6)
  })

  it('reports the remaining requests, at least 0, and 0 in a pause', () => {
    const left = (sent: number, clearsInMs: number, pausedMs: number) =>
      toVendorBudget(500, { sent, clearsInMs, pausedMs })
    expect(left(0, 0, 0)).toEqual({ limit: 500, remaining: 500, resetsInSeconds: 0 })
    expect(left(50, 9000, 0)).toEqual({ limit: 500, remaining: 450, resetsInSeconds: 9 })
    expect(left(600, 9000, 0)).toEqual({ limit: 500, remaining: 0, resetsInSeconds: 9 })
    expect(left(1, 1000, 7000)).toEqual({ limit: 500, remaining: 0, resetsInSeconds: 7 })
  })

  it('gives each of four instances a quarter', () => {
    expect(60_000 / rate.rateForInstances(4).emissionIntervalMs).toBeCloseTo(390 / 4, 2)
  })
})

describe('any rate', () => {
  const limits = Array.from({ length: 991 }, (_, index) => index + 10)

  it('grants at most 98 % of the limit in any window', () => {
    for (const limit of limits) {
      const rate = createGcraLimit({ limit })
      expect((rate.cancelToleranceMs + rate.windowMs) / rate.emissionIntervalMs).toBeLessThanOrEqual(
        Math.floor(limit * 0.98) + 1e-6,
      )
    }
  })

  it('reserves room for cancels', () => {
    for (const limit of limits) {
      const { cancelToleranceMs, readToleranceMs, emissionIntervalMs } = createGcraLimit({ limit })
      const kept = Math.round((cancelToleranceMs - readToleranceMs) / emissionIntervalMs)
      expect(kept).toBe(Math.floor(limit * 0.2) - Math.max(1, Math.floor(limit * 0.2) - Math.floor(limit * 0.1)))
      expect(kept).toBeGreaterThanOrEqual(1)
    }
  })

  it('lets each instance without Redis send requests, and all together at most the limit', () => {
    for (const limit of limits) {
      const rate = createGcraLimit({ limit })
      for (const instances of [1, 2, 3, 4, 7].filter((count) => count < limit * 0.9)) {
        const share = rate.rateForInstances(instances)
        expect(share.readToleranceMs).toBeGreaterThanOrEqual(share.emissionIntervalMs)
        const most = Math.floor((share.cancelToleranceMs + rate.windowMs) / share.emissionIntervalMs + 1e-6)
        expect(most * instances).toBeLessThanOrEqual(limit)
      }
    }
  })
})

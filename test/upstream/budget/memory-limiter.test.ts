import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryLimiter } from '../../../src/upstream/budget/memory-limiter.js'
import { PRIORITIES, type Priority } from '../../../src/upstream/budget/permit.js'
import { createUnlimitedLimiter } from '../../../src/upstream/budget/unlimited-limiter.js'
import { slidingMaximum } from '../../support/sliding-window.js'
import { runCount } from '../../support/run-count.js'

/** A limiter with a clock that is set by hand. */
function limiterOf(limit: number) {
  const clock = { now: 0 }
  const limiter = createMemoryLimiter({ limit, now: () => clock.now })
  const count = async (priority: Priority) => {
    let granted = 0
    while ((await limiter.tryAcquire(priority)) === 0) granted++
    return granted
  }
  return { clock, limiter, count }
}

describe('the limiter of one process', () => {
  it('keeps the limit in every window, for any sequence of requests', async () => {
    const asks = fc.array(
      fc.record({
        // Bursts, everyday pauses, and pauses in which all is forgotten.
        afterMs: fc.oneof(fc.constant(0), fc.integer({ max: 500, min: 0 }), fc.integer({ min: 0, max: 90_000 })),
        priority: fc.constantFrom(...PRIORITIES),
        count: fc.integer({ min: 1, max: 400 }),
      }),
      { maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: 1000 }), asks, async (limit, schedule) => {
        const { clock, limiter } = limiterOf(limit)
        const granted: number[] = []
        for (const { afterMs, priority, count } of schedule) {
          clock.now += afterMs
          for (let asked = 0; asked < count && (await limiter.tryAcquire(priority)) === 0; asked++)
            granted.push(clock.now)
        }
        expect(slidingMaximum(granted, 60_000)).toBeLessThanOrEqual(Math.floor(limit * 0.98))
      }),
      { numRuns: runCount(200) },
    )
  })

  it('grants 98 % of the limit in the first minute under constant load', async () => {
    const { clock, limiter } = limiterOf(500)
    const granted: number[] = []
    for (; clock.now < 180_000; clock.now += 1) if ((await limiter.tryAcquire('cancel')) === 0) granted.push(clock.now)
    // All of the burst is at the beginning when it is asked for at once.
    expect(slidingMaximum(granted, 60_000)).toBeLessThanOrEqual(490)
    expect(granted.length).toBeGreaterThan(3 * 385)
  })

  it('reserves a tenth of the limit for cancels', async () => {
    const { count } = limiterOf(500)
    expect(await count('read')).toBe(50)
    expect(await count('cancel')).toBe(50)
    expect(await count('cancel')).toBe(0)
  })

  it('lets polls use only a fifth of the burst of reads', async () => {
    const { count } = limiterOf(500)
    expect(await count('poll')).toBe(10)
    expect(await count('poll')).toBe(0)
    expect(await count('list')).toBe(40)
  })

  it('returns the exact wait until the next grant', async () => {
    const { clock, limiter, count } = limiterOf(100)
    await count('cancel')
    for (const priority of PRIORITIES) {
      clock.now += await limiter.tryAcquire(priority)
      expect(await limiter.tryAcquire(priority)).toBeCloseTo(0, 6)
    }
  })

  it('estimates the actual wait', async () => {
    const { clock, limiter, count } = limiterOf(100)
    await count('read')
    const guess = limiter.estimateWaitMs(4, 'read')
    for (let served = 0; served < 5;) {
      const waitMs = await limiter.tryAcquire('read')
      if (waitMs === 0) served++
      else clock.now += waitMs
    }
    expect(clock.now).toBeCloseTo(guess, 3)
  })

  it('grants nothing in a pause, and a shorter pause does not end it', async () => {
    const { clock, limiter } = limiterOf(500)
    await limiter.pause(5000)
    await limiter.pause(10)
    expect(await limiter.tryAcquire('cancel')).toBe(5000)
    expect(limiter.estimateWaitMs(0, 'cancel')).toBe(5000)
    expect(await limiter.state()).toEqual({ limit: 500, remaining: 0, resetsInSeconds: 5 })
    clock.now = 5000
    expect(await limiter.tryAcquire('cancel')).toBe(0)
  })

  it('reports its state without consuming anything', async () => {
    const { clock, limiter, count } = limiterOf(500)
    expect(await limiter.state()).toEqual({ limit: 500, remaining: 500, resetsInSeconds: 0 })
    await count('read')
    expect(await limiter.state()).toEqual({ limit: 500, remaining: 450, resetsInSeconds: 60 })
    clock.now = 59_999
    expect(await limiter.state()).toEqual({ limit: 500, remaining: 450, resetsInSeconds: 0.001 })
    clock.now = 60_000
    expect(await limiter.state()).toEqual({ limit: 500, remaining: 500, resetsInSeconds: 0 })
  })
})

describe('the unlimited limiter', () => {
  it('grants everything, except in a pause', async () => {
    let now = 0
    const limiter = createUnlimitedLimiter(() => now)
    for (let asked = 0; asked < 5000; asked++) expect(await limiter.tryAcquire('read')).toBe(0)
    expect(limiter.estimateWaitMs(1e6, 'read')).toBe(0)
    await limiter.pause(300)
    await limiter.pause(200)
    expect(await limiter.tryAcquire('cancel')).toBe(300)
    expect(limiter.estimateWaitMs(0, 'cancel')).toBe(300)
    now = 300
    expect(await limiter.tryAcquire('cancel')).toBe(0)
    expect(await limiter.state()).toBeNull()
  })
})

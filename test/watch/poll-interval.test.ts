import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextPollInterval } from '../../src/watch/poll-interval.js'

const BOUNDS = { minMs: 600, maxMs: 10_000 }
const HOUR = 3_600_000

afterEach(() => vi.restoreAllMocks())

describe('the poll interval', () => {
  it.each([
    ['0 ms', 0, 600],
    ['some seconds', 12_000, 600],
    ['a minute', 60_000, 3000],
    ['an hour', HOUR, 10_000],
  ])('follows the last change after %s', (_age, quietMs, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    expect(nextPollInterval(quietMs, BOUNDS)).toBe(expected)
  })

  it('is never below the minimum, and at most a fifth longer by jitter', () => {
    for (const quietMs of [0, 1000, 20_000, 100_000, HOUR]) {
      const base = Math.min(Math.max(quietMs / 20, BOUNDS.minMs), BOUNDS.maxMs)
      const intervals = Array.from({ length: 1000 }, () => nextPollInterval(quietMs, BOUNDS))
      expect(Math.min(...intervals)).toBeGreaterThanOrEqual(base)
      expect(Math.max(...intervals)).toBeLessThanOrEqual(base * 1.2)
      // Jobs that changed together do not poll together.
      expect(new Set(intervals).size).toBeGreaterThan(900)
    }
  })
})

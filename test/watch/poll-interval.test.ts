import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextPollInterval } from '../../src/watch/poll-interval.js'

const PACE = { minMs: 600, maxMs: 10_000 }
const HOUR = 3_600_000

afterEach(() => vi.restoreAllMocks())

describe('the pause before the next look', () => {
  it.each([
    ['has just happened', 0, 600],
    ['happened some seconds ago', 12_000, 600],
    ['happened a minute ago', 60_000, 3000],
    ['happened an hour ago', HOUR, 10_000],
  ])('is right when something %s', (_when, quietMs, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    expect(nextPollInterval(quietMs, PACE)).toBe(expected)
  })

  it('is never under the shortest, and never more than a fifth over what it would be', () => {
    for (const quietMs of [0, 1000, 20_000, 100_000, HOUR]) {
      const base = Math.min(Math.max(quietMs / 20, PACE.minMs), PACE.maxMs)
      const pauses = Array.from({ length: 1000 }, () => nextPollInterval(quietMs, PACE))
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(base)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(base * 1.2)
      // Jobs that changed together do not stay together.
      expect(new Set(pauses).size).toBeGreaterThan(900)
    }
  })
})

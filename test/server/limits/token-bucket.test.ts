import { describe, expect, it } from 'vitest'
import { createTokenBuckets } from '../../../src/server/limits/token-bucket.js'

describe('a bucket of tokens', () => {
  it.each([1, 3, 7, 60, 600, 9_999])('of %i has so many at once, and says when there will be another', (perMinute) => {
    let now = 123.4
    const { take } = createTokenBuckets(perMinute, () => now)
    expect(Array.from({ length: perMinute }, () => take('a')).every((wait) => wait === 0)).toBe(true)
    const wait = take('a')
    expect(wait).toBeCloseTo(60 / perMinute, 6)
    now += wait * 1000 - 1
    expect(take('a')).toBeGreaterThan(0)
    now += 1.01
    expect(take('a')).toBe(0)
    expect(take('a')).toBeGreaterThan(0)
  })

  it('is full again after a minute, and never fuller', () => {
    let now = 0
    const { take } = createTokenBuckets(10, () => now)
    const taken = () => Array.from({ length: 30 }, () => take('a')).filter((wait) => wait === 0).length
    expect(taken()).toBe(10)
    now += 30_000
    expect(taken()).toBe(5)
    now += 3_600_000
    expect(taken()).toBe(10)
  })

  it('is each caller’s own', () => {
    const { take } = createTokenBuckets(1, () => 0)
    expect([take('a'), take('b'), take('a'), take('b')].map((wait) => wait === 0)).toEqual([true, true, false, false])
  })
})

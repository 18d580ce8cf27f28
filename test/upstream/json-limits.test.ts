import { describe, expect, it } from 'vitest'
import { exceedsJsonLimits } from '../../src/upstream/json-limits.js'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('exceedsJsonLimits', () => {
  it.each([
    ['nested too deep', nested(100_001)],
    ['of objects that are', '{"a":'.repeat(100_001)],
    ['with too many lists', `[${'[],'.repeat(1_000_000)}[]]`],
    ['with too many objects', `[${'{"a":"]"},'.repeat(1_000_000)}{}]`],
    ['that begins so and breaks off', '['.repeat(200_000)],
  ])('is true for JSON %s', (_how, text) => expect(exceedsJsonLimits(text)).toBe(true))

  it.each([
    ['as deep as allowed', nested(100_000)],
    ['of many lists side by side', `[${'[],'.repeat(900_000)}[]]`],
    ['with brackets in its texts', `["${'['.repeat(200_000)}", "${'\\"['.repeat(200_000)}\\\\", "x\\\\"]`],
    ['that is one long text', JSON.stringify('{'.repeat(2_000_000))],
    ['whose last text does not end', `"${'['.repeat(200_000)}`],
  ])('is false for JSON %s', (_how, text) => expect(exceedsJsonLimits(text)).toBe(false))

  it('reads strings that end in backslashes', () => {
    expect(exceedsJsonLimits(`["\\\\\\\\",${nested(100_001)}]`)).toBe(true)
  })
})

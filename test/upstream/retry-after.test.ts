import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfterSeconds } from '../../src/upstream/retry-after.js'
import { runCount } from '../support/run-count.js'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')

describe('a Retry-After header', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    [' 12 ', 12],
    ['1.5', 1.5],
    ['3600', 3600],
  ])('of %j is a number of seconds', (header, seconds) => expect(retryAfterSeconds(header, NOW)).toBe(seconds))

  it.each([
    ['an HTTP date', 'Sun, 01 Mar 2026 12:01:30 GMT', 90],
    ['a date of the old form', 'Sunday, 01-Mar-26 12:00:30 GMT', 30],
    ['a date of the oldest form', 'Sun Mar  1 12:00:10 2026 GMT', 10],
    ['a date that has passed', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['this very moment', 'Sun, 01 Mar 2026 12:00:00 GMT', 0],
  ])('may be %s', (_what, header, seconds) => expect(retryAfterSeconds(header, NOW)).toBe(seconds))

  it('with a date is rounded up to whole seconds', () => {
    expect(retryAfterSeconds('Sun, 01 Mar 2026 12:00:10 GMT', NOW + 1)).toBe(10)
  })

  it.each(['3601', '86400', '9'.repeat(400), 'Sun, 01 Mar 2099 12:00:00 GMT'])(
    'is limited to an hour when it is %s',
    (header) => {
      expect(retryAfterSeconds(header, NOW)).toBe(3600)
    },
  )

  it.each([
    '',
    '   ',
    'soon',
    '-5',
    '-0',
    '+5',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '5s',
    '12 bananas',
    '1,5',
    '2026-03-01T12:01:00Z',
    'Someday, 99 Foo 2026',
    'Sun, 41 Mar 2026 12:00:00 GMT',
  ])('is null when it is %j', (header) => expect(retryAfterSeconds(header, NOW)).toBeNull())

  it('is null when it is missing', () => expect(retryAfterSeconds(undefined, NOW)).toBeNull())

  it('uses the first value when it is sent twice', () => {
    expect(retryAfterSeconds(['5', '9'], NOW)).toBe(5)
    expect(retryAfterSeconds([], NOW)).toBeNull()
  })

  it('is null or 0 to 3600, whatever it holds', () => {
    const header = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    )
    fc.assert(
      fc.property(header, (value) => {
        const seconds = retryAfterSeconds(value, NOW)
        return seconds === null || (seconds >= 0 && seconds <= 3600)
      }),
      { numRuns: runCount(1000) },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readDate,
  readEntries,
  readBoolean,
  readId,
  readInteger,
  readArray,
  readJson,
  readArrayOf,
  readObject,
  readNumber,
  readString,
  readNonEmptyString,
} from '../../src/upstream/lenient.js'

const anyJson = fc.jsonValue()
const ALL = [undefined, null, true, false, 0, 1.5, -1, '', ' ', 'word', '7', [], ['a'], {}, { a: 1 }] as const

/** Those of {@link ALL} that a reader gives a value for. */
function taken(read: (value: unknown) => unknown): unknown[] {
  return ALL.filter((value) => read(value) !== null)
}

describe('each reader returns its own type and null for all others', () => {
  it('readObject: objects', () => {
    expect(taken(readObject)).toEqual([{}, { a: 1 }])
    expect(readObject({ a: 1 })).toEqual({ a: 1 })
  })

  it('readString: strings, also empty ones', () => {
    expect(taken(readString)).toEqual(['', ' ', 'word', '7'])
    expect(readString(' a ')).toBe(' a ')
  })

  it('readNonEmptyString: strings that are not blank', () => {
    expect(taken(readNonEmptyString)).toEqual(['word', '7'])
    expect(readNonEmptyString('\t\n\u00a0')).toBeNull()
    expect(readNonEmptyString(' a ')).toBe(' a ')
  })

  it('readId: strings that are not blank, and numbers', () => {
    expect(taken(readId)).toEqual([0, 1.5, -1, 'word', '7'])
    expect(readId(42)).toBe('42')
  })

  it('readNumber: finite numbers', () => {
    expect(taken(readNumber)).toEqual([0, 1.5, -1])
    expect([NaN, Infinity, -Infinity].map(readNumber)).toEqual([null, null, null])
  })

  it("readInteger: integers that GraphQL's Int can hold", () => {
    expect(taken(readInteger)).toEqual([0, -1])
    expect([2 ** 31 - 1, -(2 ** 31 - 1), 2 ** 31, 2 ** 53, 1e300, NaN].map(readInteger)).toEqual([
      2147483647,
      -2147483647,
      null,
      null,
      null,
      null,
    ])
  })

  it('readBoolean: true and false', () => {
    expect(taken(readBoolean)).toEqual([true, false])
  })

  it('readArrayOf: arrays, without the items that cannot be read', () => {
    expect(taken((value) => readArrayOf(value, readString))).toEqual([[], ['a']])
    expect(readArrayOf(['a', 1, null, 'b', ['c'], {}], readString)).toEqual(['a', 'b'])
  })

  it('readJson: everything, unless it is nested too deep to serialise', () => {
    expect(taken(readJson)).toEqual(ALL.filter((value) => value != null))
    fc.assert(fc.property(anyJson, (value) => void expect(readJson(value)).toBe(value)))
    const nested = (depth: number): unknown => JSON.parse('{"a":['.repeat(depth / 2) + ']}'.repeat(depth / 2))
    expect(readJson(nested(40))).toEqual(nested(40))
    expect(readJson(nested(5000))).toBeNull()
  })

  it('readArray, readArrayOf and readEntries: the first ten thousand', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => at)
    expect(readArray(many)).toEqual(many.slice(0, 10_000))
    expect(readArrayOf(many, (item) => (item === 0 ? null : item))).toHaveLength(9_999)
    expect(readEntries(Object.fromEntries(many.map((at) => [`k${at}`, at])))).toHaveLength(10_000)
    expect([readArray({ length: 1 }), readEntries(['a']), readEntries(null)]).toEqual([null, null, null])
  })

  it('no reader throws or returns another type', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.anything()), (value) => {
        expect(['object']).toContain(typeof readObject(value))
        for (const read of [readString, readNonEmptyString, readId])
          expect(read(value) === null || typeof read(value) === 'string').toBe(true)
        for (const read of [readNumber, readInteger])
          expect(read(value) === null || Number.isFinite(read(value))).toBe(true)
        expect([true, false, null]).toContain(readBoolean(value))
        const moment = readDate(value)
        expect(moment === null || /^\d{4}-/.test(moment.toISOString())).toBe(true)
        const texts = readArrayOf(value, readString)
        expect(texts === null || texts.every((item) => typeof item === 'string')).toBe(true)
      }),
    )
  })
})

describe('readDate', () => {
  const at = (value: unknown) => readDate(value)?.toISOString() ?? null

  it.each([
    ['a date alone is midnight UTC', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['a time in UTC', '2026-03-01T12:30:45Z', '2026-03-01T12:30:45.000Z'],
    ['a time without an offset is UTC', '2026-03-01T12:30:45', '2026-03-01T12:30:45.000Z'],
    ['a space for the T', '2026-03-01 12:30:45', '2026-03-01T12:30:45.000Z'],
    ['a space and an offset', '2026-03-01 12:30:45+02:00', '2026-03-01T10:30:45.000Z'],
    ['no seconds', '2026-03-01T12:30', '2026-03-01T12:30:00.000Z'],
    ['no seconds but an offset', '2026-03-01T12:30+01:00', '2026-03-01T11:30:00.000Z'],
    ['an offset with a colon', '2026-03-01T12:30:45+05:30', '2026-03-01T07:00:45.000Z'],
    ['an offset without one', '2026-03-01T12:30:45+0530', '2026-03-01T07:00:45.000Z'],
    ['an offset that leads into the next day', '2026-03-01T23:30:00-01:00', '2026-03-02T00:30:00.000Z'],
    ['a leap day', '2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['the first year', '0000-01-01', '0000-01-01T00:00:00.000Z'],
    ['the last year', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('reads %s', (_what, value, expected) => expect(at(value)).toBe(expected))

  it.each([
    ['', '.000'],
    ['.1', '.100'],
    ['.12', '.120'],
    ['.123', '.123'],
    ['.1234', '.123'],
    ['.12345', '.123'],
    ['.123456', '.123'],
    ['.1234567', '.123'],
    ['.12345678', '.123'],
    ['.123456789', '.123'],
  ])('reads a fraction of %j, with and without an offset', (fraction, expected) => {
    expect(at(`2026-03-01T12:30:45${fraction}`)).toBe(`2026-03-01T12:30:45${expected}Z`)
    expect(at(`2026-03-01T12:30:45${fraction}Z`)).toBe(`2026-03-01T12:30:45${expected}Z`)
    expect(at(`2026-03-01 12:30:45${fraction}+02:00`)).toBe(`2026-03-01T10:30:45${expected}Z`)
    expect(at(`2026-03-01T12:30:45${fraction}-0200`)).toBe(`2026-03-01T14:30:45${expected}Z`)
  })

  it('reads a number as epoch milliseconds', () => {
    expect(at(1772368245123)).toBe('2026-03-01T12:30:45.123Z')
    expect(at(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(at(-1)).toBe('1969-12-31T23:59:59.999Z')
  })

  it.each([NaN, Infinity, 1e300, 8.64e15, 253402300800000, -62167219200001])(
    'returns null for the number %s',
    (value) => expect(at(value)).toBeNull(),
  )

  it.each([
    '',
    ' ',
    'yesterday',
    '2026',
    '2026-03',
    '2026-3-1',
    '01.03.2026',
    '03/01/2026',
    'Sun, 01 Mar 2026 12:00:00 GMT',
    '2026-13-01',
    '2026-00-10',
    '2026-03-32',
    '2026-03-01T25:00:00',
    '2026-03-01T12:60:00',
    '2026-03-01T12:00:00.',
    '2026-03-01T12',
    '2026-03-01Z',
    '2026-03-01T12:00:00 Z',
    '2026-03-01T12:00:00+5',
    '2026-03-01T12:00:00+99:99',
    '2026-03-01\n',
    ' 2026-03-01',
    '+002026-03-01',
    '-000001-01-01',
    '20260301T120000Z',
    '1772368245123',
    '0000-01-01T00:00:00+05:00',
    '9999-12-31T23:59:59-05:00',
  ])('returns null for %j', (value) => expect(at(value)).toBeNull())

  it.each([true, null, undefined, [], ['2026-03-01'], { date: '2026-03-01' }, [2026, 3, 1]])(
    'returns null for what is neither string nor number: %j',
    (value) => {
      expect(at(value)).toBeNull()
    },
  )

  it('returns null for days that no calendar has', () => {
    expect(['2026-02-30', '2026-02-29T10:00:00Z', '2026-04-31T10:00:00'].map(at)).toEqual([null, null, null])
  })

  it('reads back every date that toISOString writes', () => {
    const moment = fc.date({
      min: new Date('0000-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moment, (time) => {
        expect(readDate(time.toISOString())).toEqual(time)
        expect(readDate(time.toISOString().replace('T', ' ').replace('Z', ''))).toEqual(time)
        expect(readDate(time.getTime())).toEqual(time)
      }),
    )
  })

  it('reads the same whatever the time zone of the machine', () => {
    expect(at('2026-03-29T02:30:00')).toBe('2026-03-29T02:30:00.000Z')
    expect(at('2026-07-01')).toBe('2026-07-01T00:00:00.000Z')
  })
})

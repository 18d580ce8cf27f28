import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, type ListIdentity, type ListPosition } from '../../src/graph/cursor.js'
import { BadInputError } from '../../src/job/errors.js'
import { runCount } from '../support/run-count.js'

const RECORDS: ListIdentity = ['records', { appId: 'c', collectionId: 'col_1' }, null]
const LISTS: readonly ListIdentity[] = [
  RECORDS,
  ['records', { appId: 'c', collectionId: 'col_2' }, null],
  ['records', { appId: 'c', collectionId: 'col_1' }, ['RUNNING']],
  ['runs', { appId: 'c', workflowId: 'col_1' }, null],
  ['executions', [], null, null],
  ['executions', [], null, 'priority > 5'],
  [],
]

const list = fc.oneof(fc.constantFrom(...LISTS), fc.array(fc.jsonValue()))
const position: fc.Arbitrary<ListPosition> = fc.record({
  offset: fc.integer({ min: 0, max: 999_999_999 }),
  cap: fc.option(fc.integer({ min: 1, max: 100 })),
})

/** What comes before the numbers in the cursors of a list. */
const markOf = (of: ListIdentity) =>
  Buffer.from(encodeCursor(of, { offset: 0, cap: null }), 'base64url')
    .toString()
    .split(':')[0]!
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const recordsCursor = (numbers: string) => base64url(`${markOf(RECORDS)}:${numbers}`)

const digits = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('0', '00', '01', '-0', '1.5', '1e3', '', ' 1', '9999999999', 'NaN', '٣'),
)
const forged = fc
  .tuple(fc.constantFrom(...LISTS.map(markOf), 'jobs', ''), digits, digits, fc.constantFrom('', ':', '\n', ' ', ':0'))
  .map(([mark, offset, cap, tail]) => base64url(`${mark}:${offset}:${cap}${tail}`))
const mutated = fc
  .tuple(fc.constantFrom(...LISTS), position, fc.nat(), fc.constantFrom('', '=', '+', ' ', '\n', '-', 'A', 'g', 'é'))
  .map(([of, at, place, character]) => {
    const cursor = encodeCursor(of, at)
    const cut = place % cursor.length
    return cursor.slice(0, cut) + character + cursor.slice(cut + 1)
  })
const anyCursor = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.stringMatching(/^[\w-]*$/),
  forged,
  mutated,
)

describe('a cursor', () => {
  it('decodes to the position that it encodes', () => {
    fc.assert(fc.property(list, position, (of, at) => void expect(decodeCursor(of, encodeCursor(of, at))).toEqual(at)))
  })

  it('needs no escaping anywhere', () => {
    fc.assert(fc.property(list, position, (of, at) => /^[\w-]+$/.test(encodeCursor(of, at))))
  })

  it('has one spelling: whatever decodes is encoded the same way', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), anyCursor, (of, cursor) => {
        const decoded = decoding(of, cursor)
        if (decoded !== null) expect(encodeCursor(of, decoded)).toBe(cursor)
      }),
      { numRuns: runCount(2000) },
    )
  })

  it('is rejected by other lists, and by the same list with other arguments', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), fc.constantFrom(...LISTS), position, (of, other, at) => {
        if (of !== other) expect(() => decodeCursor(other, encodeCursor(of, at))).toThrow(BadInputError)
      }),
    )
  })

  it('that is invalid throws BadInputError and nothing else', () => {
    fc.assert(
      fc.property(list, anyCursor, (of, cursor) => void decoding(of, cursor)),
      { numRuns: runCount(2000) },
    )
  })

  it('is accepted when it is built as encodeCursor builds it', () => {
    expect(decodeCursor(RECORDS, recordsCursor('40:0'))).toEqual({ offset: 40, cap: null })
    expect(decodeCursor(RECORDS, recordsCursor('40:10'))).toEqual({ offset: 40, cap: 10 })
  })

  it.each([
    ['nothing', ''],
    ['what is no base64', '!!!'],
    ['a number alone', '2'],
    ['a padded cursor', `${recordsCursor('40:0')}=`],
    ['a line break behind it', `${recordsCursor('40:0')}\n`],
    ['a number below 0', recordsCursor('-1:0')],
    ['a leading zero', recordsCursor('040:0')],
    ['a fraction', recordsCursor('1.5:0')],
    ['a power', recordsCursor('1e3:0')],
    ['more than any list has', recordsCursor('99999999999999999999:0')],
    ['pages below 0', recordsCursor('40:-1')],
    ['pages of four digits', recordsCursor('40:1000')],
    ['a part too few', recordsCursor('40')],
    ['a part too many', recordsCursor('40:0:0')],
    ['white space', recordsCursor(' 40:0')],
    ['ten kilobytes', 'A'.repeat(10_240)],
  ])('is rejected when it is %s', (_what, cursor) => {
    expect(() => decodeCursor(RECORDS, cursor)).toThrow(BadInputError)
  })
})

function decoding(of: ListIdentity, cursor: string): ListPosition | null {
  try {
    return decodeCursor(of, cursor)
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError)
    return null
  }
}

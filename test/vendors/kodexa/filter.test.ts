import { describe, expect, it } from 'vitest'
import {
  FILTER_DIALECTS,
  LIST_STYLES,
  writeFilter,
  writeIdFilter,
  type FilterClause,
  type FilterDialect,
  type ListStyle,
} from '../../../src/vendors/kodexa/filter.js'

const one: FilterClause = { field: 'assistantId', anyOf: ['a1'] }
const several: FilterClause = { field: 'status', anyOf: ['PENDING', 'REQUESTED'] }

/** By dialect: one value, several values, both together with words of the caller's. */
const GOLDEN = {
  colon: [
    "assistantId:'a1'",
    "(status:'PENDING' or status:'REQUESTED')",
    "assistantId:'a1' and (status:'PENDING' or status:'REQUESTED') and (priority > 5 or priority < 2)",
  ],
  equals: [
    "assistantId='a1'",
    "(status='PENDING' or status='REQUESTED')",
    "assistantId='a1' and (status='PENDING' or status='REQUESTED') and (priority > 5 or priority < 2)",
  ],
  eq: [
    "assistantId eq 'a1'",
    "(status eq 'PENDING' or status eq 'REQUESTED')",
    "assistantId eq 'a1' and (status eq 'PENDING' or status eq 'REQUESTED') and (priority > 5 or priority < 2)",
  ],
} as const satisfies Record<FilterDialect, readonly string[]>

/** Values that would end a literal early, and how they are written so that they do not. */
const LITERALS: readonly (readonly [string, string])[] = [
  ["O'Hara", String.raw`'O\'Hara'`],
  [String.raw`back\slash`, String.raw`'back\\slash'`],
  [String.raw`both\'`, String.raw`'both\\\''`],
  ["' or id:'x", String.raw`'\' or id:\'x'`],
  ['"double" % * ~', `'"double" % * ~'`],
  ['', "''"],
]

const EQUALS = { colon: ':', equals: '=', eq: ' eq ' } as const satisfies Record<FilterDialect, string>
describe.each(FILTER_DIALECTS)('a filter in the dialect %s', (dialect) => {
  const [equality, list, everything] = GOLDEN[dialect]

  it('asks for one value', () => {
    expect(writeFilter(dialect, [one])).toBe(equality)
  })

  it('asks for one of several values', () => {
    expect(writeFilter(dialect, [several])).toBe(list)
  })

  it("joins all clauses, and the caller's own words in parentheses behind them", () => {
    expect(writeFilter(dialect, [one, several], 'priority > 5 or priority < 2')).toBe(everything)
  })

  it.each(LITERALS)('quotes %j so that it stays one value', (value, literal) => {
    const sign = EQUALS[dialect]
    expect(writeFilter(dialect, [{ field: 'assistantId', anyOf: [value] }])).toBe(`assistantId${sign}${literal}`)
    const either = `(assistantId${sign}'x' or assistantId${sign}${literal})`
    expect(writeFilter(dialect, [{ field: 'assistantId', anyOf: ['x', value] }])).toBe(either)
  })

  it("passes the caller's own words on as they are", () => {
    expect(writeFilter(dialect, [], String.raw`description ~ 'it\'s %'`)).toBe(String.raw`(description ~ 'it\'s %')`)
  })

  it('is none where nothing is asked for', () => {
    expect(writeFilter(dialect, [])).toBeUndefined()
    expect(writeFilter(dialect, [], null)).toBeUndefined()
    expect(writeFilter(dialect, [], '')).toBeUndefined()
  })
})

describe.each(LIST_STYLES)('a filter by many ids in %s', (style) => {
  const [open, close] = ({ parentheses: '()', brackets: '[]' } as const satisfies Record<ListStyle, string>)[style]

  it('is one list', () => {
    expect(writeIdFilter(style, ['a', 'b', 'c'])).toBe(`id in ${open}'a','b','c'${close}`)
    expect(writeIdFilter(style, ['a'])).toBe(`id in ${open}'a'${close}`)
  })

  it.each(LITERALS)('quotes %j so that it stays one value', (value, literal) => {
    expect(writeIdFilter(style, ['x', value])).toBe(`id in ${open}'x',${literal}${close}`)
  })
})

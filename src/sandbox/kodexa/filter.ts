import type { WireExecution } from '../../vendors/kodexa/wire.js'
import { filterField, type FilterField } from './filter-field.js'
import { filterTokens, type FilterToken } from './filter-tokens.js'
import { Refusal } from './refusal.js'

/** Which of the spellings found in the vendor's material this instance takes; it refuses the others. */
export interface FilterGrammar {
  /** `field:'v'`, `field='v'` or `field eq 'v'`. */
  readonly dialect: 'colon' | 'equals' | 'eq'
  /** `in ('a','b')` or `in ['a','b']`. */
  readonly lists: 'parentheses' | 'brackets'
  /** Fields that are not to be filtered by although they exist. */
  readonly refuses: readonly string[]
}

/** Whether an execution is among those a filter asks for. */
export type ExecutionTest = (execution: WireExecution) => boolean

const EQUALITY = { colon: ':', equals: '=', eq: 'eq' } as const
const LISTS = { parentheses: ['(', ')'], brackets: ['[', ']'] } as const
/** A filter is written by a client and read by recursion. */
const MAX_DEPTH = 50

/**
 * Takes a filter and the grammar in force, gives the test it stands for. Comparisons bind before `and`, `and` before
 * `or`; `not` wants parentheses.
 *
 * @throws {Refusal} 400, it is written in another dialect, names a field that cannot be filtered by, or is no filter
 */
export function parseFilter(text: string, { dialect, lists, refuses }: FilterGrammar): ExecutionTest {
  const tokens = filterTokens(text)
  let position = 0
  let depth = 0

  const test = anyOf()
  if (position < tokens.length) throw unexpected()
  return test

  function anyOf(): ExecutionTest {
    const tests = [allOf()]
    while (accept('or')) tests.push(allOf())
    return (execution) => tests.some((one) => one(execution))
  }

  function allOf(): ExecutionTest {
    const tests = [term()]
    while (accept('and')) tests.push(term())
    return (execution) => tests.every((one) => one(execution))
  }

  function term(): ExecutionTest {
    if (accept('not')) {
      const negated = group()
      return (execution) => !negated(execution)
    }
    return isAt('(') ? group() : comparison()
  }

  function group(): ExecutionTest {
    expect('(')
    if (++depth > MAX_DEPTH) throw new Refusal(400, 'Filter: nested too deeply')
    const inner = anyOf()
    depth--
    expect(')')
    return inner
  }

  function comparison(): ExecutionTest {
    const field = fieldName()
    if (accept('is')) {
      const negated = accept('not')
      expect('null')
      return (execution) => (field.read(execution) === null) !== negated
    }
    if (accept('in')) {
      const values = list(field)
      return (execution) => values.some((value) => value === field.read(execution))
    }
    if (accept(EQUALITY[dialect])) {
      const value = literal(field)
      return (execution) => field.read(execution) === value
    }
    if (field.ordered && accept('<')) return compare(field, (difference) => difference < 0)
    if (field.ordered && accept('>')) return compare(field, (difference) => difference > 0)
    throw unexpected()
  }

  function compare(field: FilterField, holds: (difference: number) => boolean): ExecutionTest {
    const value = Number(literal(field))
    return (execution) => {
      const actual = field.read(execution)
      return actual !== null && holds(Number(actual) - value)
    }
  }

  function list(field: FilterField): readonly (string | number)[] {
    const [open, close] = LISTS[lists]
    expect(open)
    const values = [literal(field)]
    while (accept(',')) values.push(literal(field))
    expect(close)
    return values
  }

  function literal(field: FilterField): string | number {
    return field.parse(tokens[position++])
  }

  function fieldName(): FilterField {
    const token = tokens[position]
    if (token?.kind !== 'word') throw unexpected()
    const field = refuses.includes(token.value) ? null : filterField(token.value)
    if (field === null) throw new Refusal(400, `Filter: cannot filter by ${token.value}`)
    position++
    return field
  }

  function isAt(wanted: string): boolean {
    const token = tokens[position]
    if (token?.kind === 'sign') return token.value === wanted
    // All lower or all upper, nothing between (Spring Filter's grammar).
    return token?.kind === 'word' && [wanted, wanted.toUpperCase()].includes(token.value)
  }

  function accept(wanted: string): boolean {
    const found = isAt(wanted)
    if (found) position++
    return found
  }

  function expect(wanted: string): void {
    if (!accept(wanted)) throw unexpected()
  }

  function unexpected(): Refusal {
    const token: FilterToken | undefined = tokens[position]
    return new Refusal(400, `Filter: unexpected ${token === undefined ? 'end' : `'${token.value}'`}`)
  }
}

import type { WireExecution } from '../../vendors/kodexa/wire.js'
import { filterField, type FilterField } from './filter-field.js'
import { filterTokens } from './filter-tokens.js'
import { Rejection } from './rejection.js'

/** The spellings that an instance accepts, of those found in the vendor's material. It rejects all others. */
export interface FilterGrammar {
  /** `field:'v'`, `field='v'` or `field eq 'v'`. */
  readonly dialect: 'colon' | 'equals' | 'eq'
  /** `in ('a','b')` or `in ['a','b']`. */
  readonly listSyntax: 'parentheses' | 'brackets'
  /** Fields that exist but cannot be filtered by. */
  readonly unfilterableFields: readonly string[]
}

/** Whether an execution matches a filter. */
export type ExecutionPredicate = (execution: WireExecution) => boolean

const EQUALITY = { colon: ':', equals: '=', eq: 'eq' } as const
const LIST_SYMBOLS = { parentheses: ['(', ')'], brackets: ['[', ']'] } as const
/** The parser is recursive and the filter comes from a client. */
const MAX_DEPTH = 50

/**
 * Parses a filter. Comparisons bind before `and`, `and` before `or`; `not` needs parentheses.
 *
 * @throws {Rejection} 400: another dialect, a field that cannot be filtered by, or no filter at all
 */
export function parseFilter(filter: string, grammar: FilterGrammar): ExecutionPredicate {
  const tokens = filterTokens(filter)
  let position = 0
  let depth = 0

  const predicate = parseOr()
  if (position < tokens.length) throw unexpectedToken()
  return predicate

  function parseOr(): ExecutionPredicate {
    const operands = [parseAnd()]
    while (accept('or')) operands.push(parseAnd())
    return (execution) => operands.some((operand) => operand(execution))
  }

  function parseAnd(): ExecutionPredicate {
    const operands = [parseTerm()]
    while (accept('and')) operands.push(parseTerm())
    return (execution) => operands.every((operand) => operand(execution))
  }

  function parseTerm(): ExecutionPredicate {
    if (accept('not')) {
      const negated = parseGroup()
      return (execution) => !negated(execution)
    }
    return isAt('(') ? parseGroup() : parseComparison()
  }

  function parseGroup(): ExecutionPredicate {
    expect('(')
    if (++depth > MAX_DEPTH) throw new Rejection(400, 'Filter: nested too deeply')
    const inner = parseOr()
    depth--
    expect(')')
    return inner
  }

  function parseComparison(): ExecutionPredicate {
    const field = parseField()
    if (accept('is')) {
      const isNegated = accept('not')
      expect('null')
      return (execution) => (field.read(execution) === null) !== isNegated
    }
    if (accept('in')) {
      const values = parseList(field)
      return (execution) => values.some((value) => value === field.read(execution))
    }
    if (accept(EQUALITY[grammar.dialect])) {
      const value = parseLiteral(field)
      return (execution) => field.read(execution) === value
    }
    if (field.isOrdered && accept('<')) return parseOrder(field, (difference) => difference < 0)
    if (field.isOrdered && accept('>')) return parseOrder(field, (difference) => difference > 0)
    throw unexpectedToken()
  }

  function parseOrder(field: FilterField, holds: (difference: number) => boolean): ExecutionPredicate {
    const value = Number(parseLiteral(field))
    return (execution) => {
      const actual = field.read(execution)
      return actual !== null && holds(Number(actual) - value)
    }
  }

  function parseList(field: FilterField): readonly (string | number)[] {
    const [open, close] = LIST_SYMBOLS[grammar.listSyntax]
    expect(open)
    const values = [parseLiteral(field)]
    while (accept(',')) values.push(parseLiteral(field))
    expect(close)
    return values
  }

  function parseLiteral(field: FilterField): string | number {
    return field.parse(tokens[position++])
  }

  function parseField(): FilterField {
    const token = tokens[position]
    if (token?.kind !== 'word') throw unexpectedToken()
    const field = grammar.unfilterableFields.includes(token.value) ? null : filterField(token.value)
    if (field === null) throw new Rejection(400, `Filter: cannot filter by ${token.value}`)
    position++
    return field
  }

  function isAt(wanted: string): boolean {
    const token = tokens[position]
    if (token?.kind === 'symbol') return token.value === wanted
    // Keywords are all lower or all upper case (Spring Filter's grammar).
    return token?.kind === 'word' && [wanted, wanted.toUpperCase()].includes(token.value)
  }

  function accept(wanted: string): boolean {
    const isFound = isAt(wanted)
    if (isFound) position++
    return isFound
  }

  function expect(wanted: string): void {
    if (!accept(wanted)) throw unexpectedToken()
  }

  function unexpectedToken(): Rejection {
    const token = tokens.at(position)
    return new Rejection(400, `Filter: unexpected ${token === undefined ? 'end' : `'${token.value}'`}`)
  }
}

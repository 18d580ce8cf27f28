import type { WireExecution } from '../../vendors/kodexa/wire.js'
import type { FilterToken } from './filter-tokens.js'
import { Refusal } from './refusal.js'
import { STATUSES_BY_CODE } from '../../vendors/kodexa/status-codes.js'

type Comparable = string | number

/** A field as a filter sees it. */
export interface FilterField {
  /** Whether `<` and `>` make sense. */
  readonly ordered: boolean
  /** The value of one execution; null when it has none. */
  read(execution: WireExecution): Comparable | null
  /** The value that a literal stands for. Throws a 400 when the field cannot have it. */
  parse(literal: FilterToken | undefined): Comparable
}

const KINDS = {
  id: 'text',
  status: 'status',
  assistantId: 'text',
  documentFamilyId: 'text',
  organizationId: 'text',
  parentExecutionId: 'text',
  sessionId: 'text',
  priority: 'number',
  createdOn: 'date',
  startDate: 'date',
  endDate: 'date',
} as const

type FieldName = keyof typeof KINDS

/** Takes a name, gives the field; null for one that executions cannot be filtered by. */
export function filterField(name: string): FilterField | null {
  if (!Object.hasOwn(KINDS, name)) return null
  const kind = KINDS[name as FieldName]
  const parse = PARSERS[kind]
  return {
    ordered: kind === 'number' || kind === 'date',
    read(execution) {
      const value = execution[name as FieldName] ?? null
      return kind === 'date' && value !== null ? Date.parse(String(value)) : value
    },
    parse(literal) {
      const value = parse(literal)
      if (value === null) throw new Refusal(400, `Filter: not a ${kind} for the field ${name}`)
      return value
    },
  }
}

const PARSERS = {
  text: textOf,
  /** The name, quoted: the enum's conversion fails on any other. */
  status: (literal) => STATUSES_BY_CODE.find((status) => status === textOf(literal)) ?? null,
  number: (literal) => (literal?.kind === 'number' ? literal.value : null),
  date(literal) {
    const text = textOf(literal) ?? ''
    return /^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : null
  },
} satisfies Record<(typeof KINDS)[FieldName], (literal: FilterToken | undefined) => Comparable | null>

function textOf(literal: FilterToken | undefined): string | null {
  return literal?.kind === 'text' ? literal.value : null
}

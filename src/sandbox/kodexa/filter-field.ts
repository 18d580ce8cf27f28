import type { WireExecution } from '../../vendors/kodexa/wire.js'
import { STATUSES_BY_CODE } from '../../vendors/kodexa/status-codes.js'
import type { FilterToken } from './filter-tokens.js'
import { Rejection } from './rejection.js'

type Comparable = string | number

/** A field that executions can be filtered by. */
export interface FilterField {
  /** Whether the field supports `<` and `>`. */
  readonly isOrdered: boolean
  /** Returns the value of an execution, or null when it has none. */
  read(execution: WireExecution): Comparable | null
  /** Returns the value of a literal. Throws a 400 when the field cannot have it. */
  parse(literal: FilterToken | undefined): Comparable
}

const FIELD_TYPES = {
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

type FieldName = keyof typeof FIELD_TYPES

/** Returns the field of this name, or null when executions cannot be filtered by it. */
export function filterField(name: string): FilterField | null {
  if (!Object.hasOwn(FIELD_TYPES, name)) return null
  const type = FIELD_TYPES[name as FieldName]
  return {
    isOrdered: type === 'number' || type === 'date',
    read(execution) {
      const value = execution[name as FieldName] ?? null
      return type === 'date' && value !== null ? Date.parse(String(value)) : value
    },
    parse(literal) {
      const value = PARSERS[type](literal)
      if (value === null) throw new Rejection(400, `Filter: not a ${type} for the field ${name}`)
      return value
    },
  }
}

const PARSERS = {
  text: parseText,
  /** Only the quoted name: the conversion of the vendor's enum fails on anything else. */
  status: (literal) => STATUSES_BY_CODE.find((status) => status === parseText(literal)) ?? null,
  number: (literal) => (literal?.kind === 'number' ? literal.value : null),
  date(literal) {
    const text = parseText(literal) ?? ''
    return /^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : null
  },
} satisfies Record<(typeof FIELD_TYPES)[FieldName], (literal: FilterToken | undefined) => Comparable | null>

function parseText(literal: FilterToken | undefined): string | null {
  return literal?.kind === 'text' ? literal.value : null
}

/**
 * The one place where Kodexa's filter language is written. Official material spells it three ways; which of them an
 * instance understands is found out by {@link Dialect} or set by hand.
 */

export const FILTER_DIALECTS = ['colon', 'equals', 'eq'] as const

/** `colon`: `a:'x'` (Python client, CLI notes, guides). `equals`: `a='x'` (CLI help). `eq`: `a eq 'x'` (reference pages). */
export type FilterDialect = (typeof FILTER_DIALECTS)[number]

/** What can be asked: that a field has one of these values. */
export interface FilterClause {
  readonly field: 'id' | 'status' | 'assistantId' | 'documentFamilyId' | 'parentExecutionId'
  readonly anyOf: readonly string[]
}

/** All of the clauses, and what the caller wrote in the vendor's own words; undefined when there is nothing to filter by. */
export function writeFilter(dialect: FilterDialect, clauses: readonly FilterClause[], verbatim?: string | null): string | undefined {
  const parts = [...clauses.map((clause) => writeClause(dialect, clause)), ...(verbatim ? [`(${verbatim})`] : [])]
  return parts.length === 0 ? undefined : parts.join(' and ')
}

function writeClause(dialect: FilterDialect, { field, anyOf }: FilterClause): string {
  const values = anyOf.map(literal)
  if (values.length === 1) return `${field}${OPERATOR[dialect]}${values[0]}`
  return dialect === 'equals' ? `${field} in [${values.join(',')}]` : `${field} in (${values.join(',')})`
}

const OPERATOR = { colon: ':', equals: '=', eq: ' eq ' } as const satisfies Record<FilterDialect, string>

/** `\'` and `\\` are the language's only escapes. */
function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

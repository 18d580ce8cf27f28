/**
 * Writes Kodexa's filter language. Official material spells it several ways; {@link Dialect} and
 * {@link BatchSupport} detect which of them an instance understands, unless it is configured.
 */

export const FILTER_DIALECTS = ['colon', 'equals', 'eq'] as const

/** `colon`: `a:'x'` (Python client, CLI notes, guides). `equals`: `a='x'` (CLI help). `eq`: `a eq 'x'` (reference pages). */
export type FilterDialect = (typeof FILTER_DIALECTS)[number]

export const LIST_STYLES = ['parentheses', 'brackets'] as const

/** `a in ('x','y')` (support article, older filter library) or `a in ['x','y']` (newer filter library). */
export type ListStyle = (typeof LIST_STYLES)[number]

/** A field that must have one of these values. */
export interface FilterClause {
  readonly field: 'status' | 'assistantId' | 'documentFamilyId' | 'parentExecutionId'
  readonly anyOf: readonly string[]
}

/**
 * Joins all clauses and the caller's verbatim filter by `and`; undefined without any. Several values of a clause are
 * joined by `or`, which every version of the language has.
 */
export function writeFilter(
  dialect: FilterDialect,
  clauses: readonly FilterClause[],
  verbatim?: string | null,
): string | undefined {
  const parts = [...clauses.map((clause) => writeClause(dialect, clause)), ...(verbatim ? [`(${verbatim})`] : [])]
  return parts.length === 0 ? undefined : parts.join(' and ')
}

/** Matches any of the ids. One list instead of many comparisons keeps the URL short. */
export function writeIdFilter(style: ListStyle, ids: readonly string[]): string {
  const values = ids.map(literal).join(',')
  return style === 'parentheses' ? `id in (${values})` : `id in [${values}]`
}

function writeClause(dialect: FilterDialect, { field, anyOf }: FilterClause): string {
  const comparisons = anyOf.map((value) => `${field}${OPERATOR[dialect]}${literal(value)}`)
  return comparisons.length === 1 ? comparisons[0]! : `(${comparisons.join(' or ')})`
}

const OPERATOR = { colon: ':', equals: '=', eq: ' eq ' } as const satisfies Record<FilterDialect, string>

/** `\'` and `\\` are the language's only escapes. */
function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

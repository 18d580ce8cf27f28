import { paginate, type PaginatedConnection } from '../../graph/paginate.js'
import { EMPTY_PAGE } from '../../job/page.js'
import type { JobStatus } from '../../job/state.js'
import type { FilterClause } from './filter.js'
import type { Execution } from './normalise/execution.js'
import type { KodexaSession } from './session.js'
import { statusClauses } from './status-clauses.js'

export interface ExecutionsPageOptions {
  readonly first: number | null | undefined
  readonly after: string | null | undefined
  readonly clauses: readonly FilterClause[]
  readonly statuses?: readonly JobStatus[] | null | undefined
  /** A filter in the vendor's own language. */
  readonly verbatim?: string | null | undefined
}

/**
 * A connection of executions. Every row is checked against the filter again, because an instance that ignores filters
 * returns all executions.
 */
export async function paginateExecutions(
  kodexa: KodexaSession,
  options: ExecutionsPageOptions,
): Promise<PaginatedConnection<Execution> | null> {
  const { first, after, statuses = null, verbatim = null } = options
  const byStatus = statusClauses(statuses)
  const clauses = [...options.clauses, ...(byStatus ?? [])]
  return paginate({
    list: ['executions', options.clauses, statuses, verbatim],
    first,
    after,
    isWanted: (execution) => matches(execution, options),
    // The vendor cannot filter by UNKNOWN, so many rows may be dropped here.
    sparse: statuses?.includes('UNKNOWN') ?? false,
    fetch: async (page, pageSize) =>
      byStatus === null ? EMPTY_PAGE : kodexa.executions({ page, pageSize, clauses, verbatim }),
  })
}

/** A field that the vendor did not send counts as a match. Statuses are compared after mapping: codes may replace names. */
function matches(execution: Execution, { clauses, statuses }: ExecutionsPageOptions): boolean {
  if (statuses && !statuses.includes(execution.state.status)) return false
  return clauses.every(({ field, anyOf }) => {
    const value = field === 'status' ? undefined : execution[field]
    return value === undefined || anyOf.some((wanted) => wanted.toLowerCase() === value?.toLowerCase())
  })
}

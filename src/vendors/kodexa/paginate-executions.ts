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
 * A connection of executions. What is asked for is also looked for in each row: an instance that pays no heed to a
 * filter answers everything.
 */
export async function paginateExecutions(
  kodexa: KodexaSession,
  walk: ExecutionsPageOptions,
): Promise<PaginatedConnection<Execution> | null> {
  const { first, after, statuses = null, verbatim = null } = walk
  const byStatus = statusClauses(statuses)
  const clauses = [...walk.clauses, ...(byStatus ?? [])]
  return paginate({
    list: ['executions', walk.clauses, statuses, verbatim],
    first,
    after,
    isWanted: (execution) => matches(execution, walk),
    // UNKNOWN cannot be asked for, so that much has to be left out here.
    sparse: statuses?.includes('UNKNOWN') ?? false,
    fetch: async (page, pageSize) =>
      byStatus === null ? EMPTY_PAGE : kodexa.executions({ page, pageSize, clauses, verbatim }),
  })
}

/** A field that was not sent gets the benefit of the doubt. Statuses are compared in our words: codes may come for names. */
function matches(execution: Execution, { clauses, statuses }: ExecutionsPageOptions): boolean {
  if (statuses && !statuses.includes(execution.state.status)) return false
  return clauses.every(({ field, anyOf }) => {
    const value = field === 'status' ? undefined : execution[field]
    return value === undefined || anyOf.some((wanted) => wanted.toLowerCase() === value?.toLowerCase())
  })
}

import { walkPages, type WalkedConnection } from '../../graph/page-walk.js'
import { EMPTY_PAGE, type Page } from '../../job/page.js'
import type { JobStatus } from '../../job/state.js'
import type { FilterClause } from './filter.js'
import type { Execution } from './normalise/execution.js'
import type { KodexaSession } from './session.js'
import { statusClauses } from './status-clauses.js'

export interface ExecutionWalk {
  /** Names the list inside its cursors. */
  readonly list: string
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
export async function walkExecutions(kodexa: KodexaSession, walk: ExecutionWalk): Promise<WalkedConnection<Execution> | null> {
  const { list, first, after, statuses } = walk
  const byStatus = statusClauses(statuses)
  const clauses = [...walk.clauses, ...(byStatus ?? [])]
  const keep = (execution: Execution) => meets(execution, walk)
  return walkPages({
    list,
    first,
    after,
    // UNKNOWN cannot be asked for, so that much has to be left out here.
    keep: statuses?.includes('UNKNOWN') ? keep : undefined,
    fetch: async (page, pageSize) => {
      if (byStatus === null) return EMPTY_PAGE
      return onlyThose(keep, await kodexa.executions({ page, pageSize, clauses, verbatim: walk.verbatim ?? null }))
    },
  })
}

/** A total that counts what is left out is worth nothing. */
function onlyThose(keep: (execution: Execution) => boolean, page: Page<Execution>): Page<Execution> {
  const items = page.items.filter(keep)
  return items.length === page.items.length ? page : { ...page, items, total: null }
}

/** Absent fields get the benefit of the doubt. Statuses are compared in our words, because codes may come for names. */
function meets(execution: Execution, { clauses, statuses }: ExecutionWalk): boolean {
  if (statuses && !statuses.includes(execution.state.status)) return false
  return clauses.every(({ field, anyOf }) => {
    switch (field) {
      case 'assistantId':
      case 'documentFamilyId':
      case 'parentExecutionId':
        return execution[field] === null || anyOf.includes(execution[field])
      case 'id':
        return anyOf.includes(execution.vendorId)
      case 'status':
        return true
    }
  })
}

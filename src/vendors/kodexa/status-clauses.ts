import type { JobStatus } from '../../job/state.js'
import { rawStatusesFor } from '../../job/status-reader.js'
import type { FilterClause } from './filter.js'
import { EXECUTION_STATUS } from './normalise/status.js'

/**
 * The filter for jobs of these statuses: empty for all statuses, and when UNKNOWN is among them, which the vendor
 * cannot filter by. Null when no status of the vendor maps to any of them.
 */
export function statusClauses(statuses: readonly JobStatus[] | null | undefined): readonly FilterClause[] | null {
  const rawStatuses = statuses && rawStatusesFor(EXECUTION_STATUS, statuses)
  if (!rawStatuses) return []
  return rawStatuses.length === 0 ? null : [{ field: 'status', anyOf: rawStatuses }]
}

import type { JobStatus } from '../../job/state.js'
import { rawStatusesFor } from '../../job/status-reader.js'
import type { FilterClause } from './filter.js'
import { EXECUTION_STATUS } from './normalise/status.js'

/**
 * What to ask Kodexa for so that it answers jobs of these statuses: nothing when all are wanted, or when UNKNOWN is
 * among them, which only the reader can tell. Null when no word of the vendor's stands for any of them.
 */
export function statusClauses(statuses: readonly JobStatus[] | null | undefined): readonly FilterClause[] | null {
  const words = statuses && rawStatusesFor(EXECUTION_STATUS, statuses)
  if (!words) return []
  return words.length === 0 ? null : [{ field: 'status', anyOf: words }]
}

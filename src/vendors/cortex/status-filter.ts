import type { Job } from '../../job/job.js'
import type { JobStatus } from '../../job/state.js'
import { rawStatusesFor } from '../../job/status-reader.js'

export interface StatusFilter<RawStatus extends string> {
  /** The status to filter by at Cortex; undefined for no filter. */
  readonly rawStatus: RawStatus | undefined
  /** Applied to each row, because the vendor's filter may be missing or ignored; undefined keeps all. */
  readonly isWanted: ((job: Job) => boolean) | undefined
  /** Whether many rows are likely to be dropped, because Cortex cannot filter by these statuses at once. */
  readonly sparse: boolean
  /** Whether no status of the vendor matches, so that no request is needed. */
  readonly isEmpty: boolean
}

/** Plans how to list jobs of these statuses, given that Cortex filters by one status at a time. */
export function planStatusFilter<RawStatus extends string>(
  table: Readonly<Record<RawStatus, JobStatus>>,
  statuses: readonly JobStatus[] | null | undefined,
): StatusFilter<RawStatus> {
  if (statuses == null) return { rawStatus: undefined, isWanted: undefined, sparse: false, isEmpty: false }
  const rawStatuses = rawStatusesFor(table, statuses)
  const rawStatus = rawStatuses?.length === 1 ? rawStatuses[0] : undefined
  return {
    rawStatus,
    isWanted: (job) => statuses.includes(job.state.status),
    sparse: rawStatuses?.length !== 0 && rawStatus === undefined,
    isEmpty: rawStatuses?.length === 0,
  }
}

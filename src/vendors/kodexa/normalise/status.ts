import type { JobStatus } from '../../../job/state.js'
import { STATUSES_BY_CODE } from '../status-codes.js'
import type { WireExecutionStatus } from '../wire.js'

/** Maps execution statuses; pipeline steps have the same. */
export const EXECUTION_STATUS = {
  PENDING: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'COMPLETED',
  FAILED: 'FAILED',
  REQUESTED: 'QUEUED',
  SKIPPED: 'SKIPPED',
  CANCELLING: 'CANCELLING',
  CANCELLED: 'CANCELLED',
  PENDING_REPROCESSING: 'QUEUED',
  REPROCESSED: 'COMPLETED',
} as const satisfies Record<WireExecutionStatus, JobStatus>

/** Maps names and storage codes, for reading. Filters use names only. */
export const RAW_STATUSES: Readonly<Record<string, JobStatus>> = {
  ...EXECUTION_STATUS,
  ...Object.fromEntries(STATUSES_BY_CODE.map((name, code) => [String(code), EXECUTION_STATUS[name]])),
}

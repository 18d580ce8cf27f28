import type { JobStatus } from '../../../job/state.js'
import { STATUSES_BY_CODE } from '../status-codes.js'
import type { WireExecutionStatus } from '../wire.js'

/** The vendor's execution statuses; a pipeline step uses the same words. */
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

/** Names and codes alike, for reading. Writing a filter uses the names alone. */
export const RAW_STATUSES: Readonly<Record<string, JobStatus>> = {
  ...EXECUTION_STATUS,
  ...Object.fromEntries(STATUSES_BY_CODE.map((name, code) => [String(code), EXECUTION_STATUS[name]])),
}

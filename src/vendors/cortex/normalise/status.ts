import type { JobStatus } from '../../../job/state.js'
import type { WireRecordStatus, WireRunStatus } from '../wire.js'

/** The vendor's record statuses. COMPLETED says that the rules ran, not that they passed. */
export const RECORD_STATUS = {
  DRAFT: 'DRAFT',
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
} as const satisfies Record<WireRecordStatus, JobStatus>

/** The vendor's run statuses; a step's are the same without PENDING. */
export const RUN_STATUS = {
  PENDING: 'QUEUED',
  RUNNING: 'RUNNING',
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  SKIPPED: 'SKIPPED',
  FAILED: 'FAILED',
} as const satisfies Record<WireRunStatus, JobStatus>

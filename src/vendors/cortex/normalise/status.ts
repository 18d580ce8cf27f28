import type { JobStatus } from '../../../job/state.js'
import type { WireRecordStatus, WireRunStatus } from '../wire.js'

/** Maps record statuses. COMPLETED means that the rules ran, not that they passed. */
export const RECORD_STATUS = {
  DRAFT: 'DRAFT',
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
} as const satisfies Record<WireRecordStatus, JobStatus>

/** Maps run statuses; steps have the same without PENDING. */
export const RUN_STATUS = {
  PENDING: 'QUEUED',
  RUNNING: 'RUNNING',
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  SKIPPED: 'SKIPPED',
  FAILED: 'FAILED',
} as const satisfies Record<WireRunStatus, JobStatus>

import type { WireExecutionStatus } from './wire.js'

/** The statuses by the code they are stored under (vendor's overview page), which may come instead of the name. */
export const STATUSES_BY_CODE: readonly WireExecutionStatus[] = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'REQUESTED',
  'SKIPPED',
  'CANCELLING',
  'CANCELLED',
  'PENDING_REPROCESSING',
  'REPROCESSED',
]

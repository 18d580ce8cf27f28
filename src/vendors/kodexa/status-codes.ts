import type { WireExecutionStatus } from './wire.js'

/** The statuses in the order of their storage codes, 0 to 9 (vendor's overview page); a response may have the code instead of the name. */
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

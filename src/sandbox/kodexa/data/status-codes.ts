import type { WireExecutionStatus } from '../../../vendors/kodexa/wire.js'

/** The statuses in the order of their storage codes, from 0 (vendor's overview page). */
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

/**
 * The response fields of Kodexa that are used here, as the vendor's reference and Python client type them. The
 * normaliser trusts none of it: every field may be missing or of another type. The sandbox builds its responses from
 * the same types.
 */

export type WireExecutionStatus =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'REQUESTED'
  | 'SKIPPED'
  | 'CANCELLING'
  | 'CANCELLED'
  | 'PENDING_REPROCESSING'
  | 'REPROCESSED'

type Json = unknown
/** ISO 8601 in UTC, with 0 to 9 digits of fraction. */
type WireDate = string

/** Only `id` is always present. */
export interface WireExecution {
  id: string
  /** A second identifier, 32 hex digits; no path accepts it. */
  uuid?: string
  changeSequence?: number
  createdOn?: WireDate
  updatedOn?: WireDate
  startDate?: WireDate | null
  endDate?: WireDate | null
  /** The unit is not documented; milliseconds are likely. */
  processingTime?: number
  /** The name; a response may have the storage code 0 to 9 instead. */
  status?: WireExecutionStatus | number
  description?: string | null
  priority?: number
  assistantId?: string | null
  documentFamilyId?: string | null
  organizationId?: string | null
  parentExecutionId?: string | null
  sessionId?: string | null
  loggingEnabled?: boolean
  deleteLoggingOnSuccess?: boolean
  context?: Record<string, Json>
  pipeline?: WirePipeline | null
  statusDetails?: WireStatusDetails | null
  exceptionDetails?: WireException | null
  targets?: { instances?: WireTarget[] } | null
}

export interface WirePipeline {
  id?: string
  ref?: string
  valid?: boolean
  exceptions?: WireException[]
  steps?: WirePipelineStep[]
}

export interface WirePipelineStep {
  id?: string
  name?: string
  /** `module://org/slug` */
  ref?: string
  stepType?: string
  /** Same values as an execution's; some instances omit it. */
  status?: WireExecutionStatus
  statusMessage?: string
  progress?: number
  progressMax?: number
  /** Typed as a plain string by the vendor. */
  start?: WireDate
  end?: WireDate
  processingTime?: number
  conditional?: string
  inputId?: string
  outputId?: string
  /** A string in the reference, a list in the Python client. */
  outputIds?: string | string[]
  exceptionDetails?: WireException | null
}

export interface WireException {
  message?: string
  errorMessage?: string
  errorType?: string
  description?: string
  advice?: string
  help?: string
  documentationUrl?: string
  executedVersion?: string
  statusCode?: number
  validationErrors?: { option?: string; message?: string; description?: string }[]
  /** Never read. */
  stackTrace?: Json[]
}

export interface WireStatusDetails {
  message?: string
  detail?: string
  /** `status` in the Python client. */
  stepStatus?: string
  progress?: number
  progressMax?: number
}

export interface WireTarget {
  type?: string
  ref?: string
  documentFamilyId?: string
  contentObjectId?: string
  labelsToApply?: string[]
  taxonomyRefs?: string[]
}

export interface WireStatusMessage {
  id?: string
  executionId?: string
  title?: string
  subtitle?: string | null
  type?: string
  datetime?: WireDate
}

/** Spring's page. Requests count from 1 and `number` from 0, unless an instance does otherwise. */
export interface WirePage {
  content?: WireExecution[] | null
  number?: number
  size?: number
  numberOfElements?: number
  totalElements?: number
  totalPages?: number
  first?: boolean
  last?: boolean
  pageable?: { offset?: number; pageNumber?: number; pageSize?: number }
}

import type { JobState } from './state.js'
import type { VendorName } from './vendor-name.js'

/** The address of a job: its GraphQL type and the vendor's path to it, outermost part first. */
export interface JobAddress {
  /** `Record`, `WorkflowRun`, `Execution`, or a further vendor's type. */
  readonly type: string
  readonly path: readonly string[]
}

/** Anything a vendor runs that can be watched and cancelled, normalised. */
export interface Job {
  readonly address: JobAddress
  readonly vendor: VendorName
  /** The id as the vendor's console shows it. */
  readonly vendorId: string
  readonly name: string | null
  readonly state: JobState
  /** The vendor's raw status; null when it sent none. */
  readonly vendorStatus: string | null
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

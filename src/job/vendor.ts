import type { Cancellation } from './cancel.js'
import type { Job, JobAddress } from './job.js'
import type { Page } from './page.js'
import type { Selection } from './selection.js'
import type { JobStatus } from './state.js'
import type { VendorName } from './vendor-name.js'

/** What stands behind a vendor: the real service, the embedded fake, or nothing. */
export type VendorMode = 'LIVE' | 'SANDBOX' | 'NOT_CONFIGURED'

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

/** What a vendor must be able to do. One lives as long as the gateway and opens a session for each request. */
export interface Vendor {
  readonly name: VendorName
  readonly mode: VendorMode
  /** The GraphQL types of its jobs: `['Execution']`. */
  readonly jobTypes: readonly string[]
  open(request: VendorRequest): VendorSession
  /** The breaker's state now; asks nothing. */
  circuit(): CircuitState
  /** Lets go of its connections. In-flight calls end first. */
  close(): Promise<void>
}

/** What a session needs to know of the request it serves. */
export interface VendorRequest {
  /** Aborts reads when the caller has gone. A cancel is never aborted by it. */
  readonly signal: AbortSignal
}

/** One vendor as seen by one request: its loaders live here, so nothing is read twice and nothing is shared with others. */
export interface VendorSession {
  /**
   * The job, or null when the vendor knows none. Batched and remembered for this request.
   * @param selection what is wanted of it, so that the vendor can be asked in the cheapest way
   */
  job(address: JobAddress, selection: Selection): Promise<Job | null>
  /** Reads the job past what this request remembers, for those who watch it change. */
  freshJob(address: JobAddress, selection: Selection): Promise<Job | null>
  /**
   * Where the one list of all jobs looks.
   * @throws {BadInputError} when the filter names a place that cannot be one
   */
  sources(filter: SourceFilter): readonly JobSource[]
  /** See {@link cancelJob}. Sent at most once. */
  cancel(address: JobAddress): Promise<Cancellation>
  /** One cheap read that proves the vendor answers this credential. */
  ping(): Promise<void>
}

/** Which jobs are wanted; a vendor folder may add what only it understands, by declaration merging. */
export interface SourceFilter {
  readonly statuses?: readonly JobStatus[] | null
}

/** One upstream list that can be merged with others. */
export interface JobSource {
  /** Names it in a message: `Cortex collection col_1`. */
  readonly label: string
  /** A page of it, counted from 1, at most `size` jobs, in the vendor's order. */
  page(page: number, size: number): Promise<Page<Job>>
}

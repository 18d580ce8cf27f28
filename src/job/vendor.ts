import type { Cancellation } from './cancel.js'
import type { FeedWarning } from './feed-warning.js'
import type { Job, JobAddress } from './job.js'
import type { Meter } from './meter.js'
import type { Page } from './page.js'
import type { HeaderReader } from './header-reader.js'
import type { Secret } from './secret.js'
import type { Selection } from './selection.js'
import type { JobStatus } from './state.js'
import type { VendorName } from './vendor-name.js'

/** What stands behind a vendor: the real service, the embedded fake, or nothing. */
export type VendorMode = 'LIVE' | 'SANDBOX' | 'NOT_CONFIGURED'

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

/** How many requests a vendor may still be sent. */
export interface VendorBudget {
  /** A minute, in all. */
  readonly limit: number
  /** Of those, not sent within the last minute; 0 while the vendor wants a pause. */
  readonly remaining: number
  /** Until all of it is free again, should nothing be sent meanwhile. */
  readonly resetsInSeconds: number
}

/** What a vendor must be able to do. One lives as long as the gateway and opens a session for each request. */
export interface Vendor {
  readonly name: VendorName
  readonly mode: VendorMode
  /** Names the address and the credential it is read with: what was read under one name is not for others. No secret. */
  readonly credentialKey: string
  /** The GraphQL types of its jobs: `['Execution']`. */
  readonly jobTypes: readonly string[]
  /** The secret last part of the path at which it may post that something happened; without one it may not. */
  readonly webhookToken?: Secret | undefined
  /** The header in which callers bring a credential of their own. Without it, the gateway holds one for all. */
  readonly callerHeader?: string
  /** The vendor as whoever sent these headers may ask it. Without it, it is the same for everybody. */
  readonly withCredential?: (headers: HeaderReader) => Vendor
  open(request: VendorRequest): VendorSession
  /** The breaker's state now; asks nothing. */
  circuit(): CircuitState
  /** What may still be sent to it, now; null when no limit is kept. Asks nothing of the vendor. */
  budget(): Promise<VendorBudget | null>
  /** Lets go of its connections. In-flight calls end first. */
  close(): Promise<void>
}

/** How old an answer may be: as old as anything is kept; as old as a job is kept that has not ended; read now. */
export type MaxAge = 'any' | 'live' | 'new'

/** What a session needs to know of the request it serves. */
export interface VendorRequest {
  /** Aborts reads when the caller has gone. A cancel is never aborted by it. */
  readonly signal: AbortSignal
  /** When it came, in the ms of `performance.now()`. */
  readonly requestedAt: number
  /** By when its requests must have been sent, in the ms of `performance.now()`. */
  readonly deadline: number
  /** How old what is shown may be. */
  readonly maxAge: MaxAge
  /** Whether nobody waits for the answer: its reads go last. */
  readonly background: boolean
  /** Told what it costs. */
  readonly meter: Meter
  /** Told of each cancel as it begins: from then on it is finished, whoever leaves. */
  readonly onCancel: (address: JobAddress, cancel: Promise<unknown>) => void
}

/** One vendor as seen by one request: its loaders live here, so nothing is read twice and nothing is shared with others. */
export interface VendorSession {
  /**
   * The job, or null when the vendor knows none. Batched and remembered for this request.
   * @param selection what is wanted of it, so that the vendor can be asked in the cheapest way
   */
  job(address: JobAddress, selection: Selection): Promise<Job | null>
  /**
   * Where the one list of all jobs looks.
   * @throws {BadInputError} when the filter names a place that cannot be one
   */
  sources(filter: SourceFilter): Promise<JobSources>
  /**
   * How many of them there can be. Nothing is sent.
   * @throws {BadInputError} as `sources` does
   */
  maxSources(filter: SourceFilter): MaxSources
  /** See {@link cancelJob}. Sent at most once. */
  cancel(address: JobAddress): Promise<Cancellation>
  /** One cheap read that proves the vendor answers this credential. */
  ping(): Promise<void>
}

/** Which jobs are wanted; a vendor folder may add what only it understands, by declaration merging. */
export interface SourceFilter {
  readonly statuses?: readonly JobStatus[] | null
}

/** The lists of one vendor that are to be merged. */
export interface JobSources {
  /** One that could not even be found out is among them, and fails when it is read. */
  readonly sources: readonly JobSource[]
  /** What is not among them, and should be known. */
  readonly warnings: readonly FeedWarning[]
}

/** What is known of the lists of a vendor before they are found out. */
export interface MaxSources {
  readonly lists: number
  /** The requests that it takes at worst to find out which there are. */
  readonly requests: number
}

/** One upstream list that can be merged with others. */
export interface JobSource {
  /** Names it in a message: `collection col_1`. */
  readonly label: string
  /** Tells it from all other lists of its vendor, the next time as well. */
  readonly key: string
  /**
   * A page of it, counted from 1, at most `size` jobs, in the vendor's order.
   * @param isNew whether it has to be as it is now, and not as it was a moment ago
   */
  page(page: number, size: number, isNew?: boolean): Promise<Page<Job>>
}

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

/** What a vendor is connected to: the real service, the embedded sandbox, or nothing. */
export type VendorMode = 'LIVE' | 'SANDBOX' | 'NOT_CONFIGURED'

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

/** How many requests may still be sent to a vendor. */
export interface VendorBudget {
  /** Requests per minute. */
  readonly limit: number
  /** The part of `limit` not used within the last minute; 0 while the vendor asks for a pause. */
  readonly remaining: number
  /** Seconds until the whole budget is free again, if nothing is sent meanwhile. */
  readonly resetsInSeconds: number
}

/** The port that a vendor implements. It lives as long as the gateway and opens a session for each request. */
export interface Vendor {
  readonly name: VendorName
  readonly mode: VendorMode
  /** Identifies base URL and credential, as part of cache keys: reads are shared only under the same key. Holds no secret. */
  readonly credentialKey: string
  /** The GraphQL types of its jobs: `['Execution']`. */
  readonly jobTypes: readonly string[]
  /** The secret last segment of the webhook path; undefined when webhooks are off. */
  readonly webhookToken?: Secret | undefined
  /** The header in which callers send their own credential. Absent when the gateway holds one for all callers. */
  readonly callerHeader?: string
  /** The vendor with the credential in these headers. Absent when all callers share one credential. */
  readonly withCredential?: (headers: HeaderReader) => Vendor
  open(request: VendorRequest): VendorSession
  /** The breaker's current state. Sends nothing. */
  circuit(): CircuitState
  /** The remaining budget; null when the vendor has no limit. Sends nothing to the vendor. */
  budget(): Promise<VendorBudget | null>
  /** Closes its connections, after requests in flight have ended. */
  close(): Promise<void>
}

/** How old a cached value may be: up to any TTL (`any`), up to the TTL of a job that has not ended (`live`), or not cached (`new`). */
export type MaxAge = 'any' | 'live' | 'new'

/** What a session needs to know about the request it serves. */
export interface VendorRequest {
  /** Aborts reads when the client disconnects. Never aborts a cancel. */
  readonly signal: AbortSignal
  /** When the request arrived, in ms of `performance.now()`. */
  readonly requestedAt: number
  /** When its requests to vendors must have ended, in ms of `performance.now()`. */
  readonly deadline: number
  readonly maxAge: MaxAge
  /** Whether no client waits for the response. Such reads get the lowest priority. */
  readonly background: boolean
  /** Counts the usage. */
  readonly meter: Meter
  /** Called with each cancel as it starts. A started cancel is finished even when the client disconnects. */
  readonly onCancel: (address: JobAddress, cancel: Promise<unknown>) => void
}

/** One vendor in one request. It holds the loaders, so that nothing is read twice and nothing leaks to other requests. */
export interface VendorSession {
  /**
   * The job, or null when the vendor has no such job. Batched, and memoized for this request.
   * @param selection the fields to read, so that the cheapest request can be chosen
   */
  job(address: JobAddress, selection: Selection): Promise<Job | null>
  /**
   * The vendor's lists that `jobs` merges.
   * @throws {BadInputError} when the filter names an invalid container
   */
  sources(filter: SourceFilter): Promise<JobSources>
  /**
   * The maximum number of these lists. Sends nothing.
   * @throws {BadInputError} as `sources` does
   */
  maxSources(filter: SourceFilter): MaxSources
  /** See {@link cancelJob}. Sent at most once. */
  cancel(address: JobAddress): Promise<Cancellation>
  /** One cheap read that shows whether the vendor accepts the credential. */
  ping(): Promise<void>
}

/** Which jobs to list. A vendor folder may add its own fields by declaration merging. */
export interface SourceFilter {
  readonly statuses?: readonly JobStatus[] | null
}

/** The lists of one vendor that `jobs` merges. */
export interface JobSources {
  /** When discovery fails, one of the sources stands for what was not found, and fails when it is read. */
  readonly sources: readonly JobSource[]
  /** Says which sources are left out. */
  readonly warnings: readonly FeedWarning[]
}

/** The bounds of {@link JobSources}, known before discovery. */
export interface MaxSources {
  readonly lists: number
  /** The requests that discovery takes at most. */
  readonly requests: number
}

/** One upstream list that can be merged with others. */
export interface JobSource {
  /** Its name in messages: `collection col_1`. */
  readonly label: string
  /** Unique among the lists of its vendor, and stable across requests and instances. */
  readonly key: string
  /**
   * One page, counted from 1, of at most `size` jobs, in the vendor's order.
   * @param isNew whether to bypass the cache
   */
  page(page: number, size: number, isNew?: boolean): Promise<Page<Job>>
}

import type { Secret } from '../../job/secret.js'

/** How to reach Cortex. */
export interface CortexSettings {
  /** `https://api.withcortex.ai`, or what stands in its place. */
  readonly baseUrl: URL
  /** Null where callers bring their own, in `x-cortex-api-key`. */
  readonly apiKey: Secret | null
  /** The app segment of every path where a caller names none. `c` is what the vendor's own SDK sends. */
  readonly appId: string
  /** Where the list of all jobs looks for records. */
  readonly collectionIds: readonly string[]
  /** Where the list of all jobs looks for runs. */
  readonly workflowIds: readonly string[]
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, Secret>>
  /** For one attempt, in ms. */
  readonly timeoutMs: number
  /** How often a read is tried again that failed in a way which may pass. Cancels never are. Default 2. */
  readonly maxRetries?: number | undefined
  /** How many requests a minute may be sent, 10 or more; null keeps no limit. */
  readonly requestsPerMinute: number | null
  /** The secret last part of `/webhooks/cortex/…`, where Cortex may post its events; without one there is no such path. */
  readonly webhookToken?: Secret | undefined
}

import type { Secret } from '../../job/secret.js'

/** How to reach Cortex. */
export interface CortexSettings {
  /** `https://api.withcortex.ai`, or a proxy in front of it. */
  readonly baseUrl: URL
  /** Null when callers send their own in `x-cortex-api-key`. */
  readonly apiKey: Secret | null
  /** The app segment of every path unless a caller names another. The vendor's own SDK sends `c`. */
  readonly appId: string
  /** The collections that `jobs` lists records of. */
  readonly collectionIds: readonly string[]
  /** The workflows that `jobs` lists runs of. */
  readonly workflowIds: readonly string[]
  /** Extra headers, sent with every call. */
  readonly headers: Readonly<Record<string, Secret>>
  /** Timeout of one attempt, in ms. */
  readonly timeoutMs: number
  /** How often a read is retried after a transient failure. Cancels are never retried. Default 2. */
  readonly maxRetries?: number | undefined
  /** Requests per minute, at least 10; null means unlimited. */
  readonly requestsPerMinute: number | null
  /** The secret last segment of `/webhooks/cortex/…`, the path Cortex posts its events to. Without it the path does not exist. */
  readonly webhookToken?: Secret | undefined
}

/** How to reach Cortex. */
export interface CortexSettings {
  /** Default `https://api.withcortex.ai`. */
  readonly baseUrl: URL
  readonly apiKey: string
  /** The app segment of every path where a caller names none. Default `c`, which the vendor's own SDK sends. */
  readonly appId: string
  /** Where the list of all jobs looks for records. */
  readonly collectionIds: readonly string[]
  /** Where the list of all jobs looks for runs. */
  readonly workflowIds: readonly string[]
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>
  /** For one call, in ms. */
  readonly timeoutMs: number
}

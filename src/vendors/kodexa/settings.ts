import type { Secret } from '../../job/secret.js'
import type { DialectSettings } from './dialect.js'

/** How to reach a Kodexa instance. */
export interface KodexaSettings {
  /** The instance's root, without `/api`: `https://platform.kodexa.ai` or one's own. */
  readonly baseUrl: URL
  /** Null where callers bring their own, in `x-kodexa-api-key`. */
  readonly apiKey: Secret | null
  /** `x-api-key`; very old instances know only `x-access-token`. */
  readonly authHeader: string
  /** Sent with every call; an access proxy in front of the instance may want one. */
  readonly headers: Readonly<Record<string, Secret>>
  /** For one attempt, in ms. */
  readonly timeoutMs: number
  /** How often a read is tried again that failed in a way which may pass. Cancels never are. Default 2. */
  readonly maxRetries?: number | undefined
  /** How many requests a minute may be sent, 10 or more; null keeps no limit. */
  readonly requestsPerMinute: number | null
  /** What of the instance's dialect is known beforehand. */
  readonly dialect: DialectSettings
}

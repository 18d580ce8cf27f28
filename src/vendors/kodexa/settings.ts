import type { Secret } from '../../job/secret.js'
import type { DialectSettings } from './dialect.js'

/** How to reach a Kodexa instance. */
export interface KodexaSettings {
  /** The root of the instance without `/api`, such as `https://platform.kodexa.ai`. */
  readonly baseUrl: URL
  /** Null when callers send their own in `x-kodexa-api-key`. */
  readonly apiKey: Secret | null
  /** `x-api-key`; very old instances accept only `x-access-token`. */
  readonly authHeader: string
  /** Extra headers, sent with every call: an access proxy in front of the instance may need one. */
  readonly headers: Readonly<Record<string, Secret>>
  /** Timeout of one attempt, in ms. */
  readonly timeoutMs: number
  /** How often a read is retried after a transient failure. Cancels are never retried. Default 2. */
  readonly maxRetries?: number | undefined
  /** Requests per minute, at least 10; null means unlimited. */
  readonly requestsPerMinute: number | null
  /** The configured part of the instance's dialect. */
  readonly dialect: DialectSettings
}

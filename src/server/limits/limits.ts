import { MAX_CANCELS } from '../../job/cancel-all.js'

/** What callers may send. An operation beyond a limit is rejected before anything is sent to a vendor. */
export interface Limits {
  /** Bytes of a request body, or of a WebSocket message. */
  readonly bodyBytes: number
  /** Tokens of a document, comments excluded. */
  readonly tokens: number
  /** Nesting of fields, introspection excluded. */
  readonly depth: number
  /** Aliases of an operation. */
  readonly aliases: number
  /** Directives of an operation. */
  readonly directives: number
  /** Fields at the root of an operation. */
  readonly rootFields: number
  /** Vendor requests of an operation in the worst case; of one event for a subscription. */
  readonly cost: number
  /** Jobs that one operation asks to cancel. */
  readonly cancels: number
  /** Operations of one caller: as a burst, and per minute after that. Null: no limit. */
  readonly operationsPerMinute: number | null
}

/** Several times what the example operations, code generators and GraphiQL need. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_000_000,
  tokens: 1000,
  depth: 10,
  aliases: 30,
  directives: 8,
  rootFields: 20,
  cost: 1000,
  cancels: MAX_CANCELS,
  operationsPerMinute: 600,
}

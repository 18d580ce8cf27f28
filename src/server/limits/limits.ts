import { MAX_CANCELS } from '../../job/cancel-all.js'

/** What a caller may send. What is beyond is refused before anything is sent to a vendor. */
export interface Limits {
  /** The bytes of a request's body, or of a WebSocket message. */
  readonly bodyBytes: number
  /** The words and signs of a document, comments aside. */
  readonly tokens: number
  /** How deep fields are nested, those of introspection aside. */
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  /** The fields of the operation itself. */
  readonly rootFields: number
  /** The requests to vendors that an operation comes to at worst; for subscriptions, that one event comes to. */
  readonly cost: number
  /** The jobs that one operation asks to cancel. */
  readonly cancels: number
  /** The operations of one caller, as many at once and as many in each minute from then on; null for no limit. */
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

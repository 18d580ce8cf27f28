import type { GraphContext } from './graph/builder.js'
import type { Log } from './job/log.js'
import { openSessions } from './job/sessions.js'
import type { Vendor } from './job/vendor.js'

export interface ContextOptions {
  readonly vendors: readonly Vendor[]
  readonly log: Log
  readonly pollMs: number
}

/** What one request's resolvers get: sessions of its own, so that nothing read for one caller is seen by another. */
export function createContext({ vendors, log, pollMs }: ContextOptions, request: Request): GraphContext {
  return { sessions: openSessions(vendors, { signal: request.signal }), log, pollMs }
}

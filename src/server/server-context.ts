import type { IncomingMessage } from 'node:http'
import type { Identity } from '../auth/identity.js'
import type { Slot } from './limits/slot.js'

/** What Yoga receives beside a request. Plugins add to it. */
export interface ServerContext {
  /** Node's request over HTTP, the handshake over WebSocket; undefined for `fetch`. */
  readonly req?: IncomingMessage
  /** Over HTTP, undefined until the caller is authenticated. */
  identity?: Identity | undefined
  /** Identifies the operation in the log. */
  requestId?: string
  /** Released when the response is ready, or its stream has started. */
  readonly slot?: Slot
}

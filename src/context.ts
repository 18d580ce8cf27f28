import { setMaxListeners } from 'node:events'
import type { Identity } from './auth/identity.js'
import type { GraphContext } from './graph/builder.js'
import { createCancelAudit } from './job/cancel-audit.js'
import type { PendingMutations } from './job/pending-mutations.js'
import { UnauthenticatedError } from './job/errors.js'
import { withFields, type Log } from './job/log.js'
import { createMeter, type Meter } from './job/meter.js'
import { createRequestSessions, type RequestSessions } from './job/request-sessions.js'
import type { Vendor } from './job/vendor.js'
import type { Watcher } from './watch/watcher.js'

export interface ContextOptions {
  readonly vendors: readonly Vendor[]
  readonly log: Log
  /** Where the audit lines of cancels go. */
  readonly auditLog: Log
  readonly watcher: Watcher
  readonly pendingMutations: PendingMutations
  /** The time for the operation, in ms from now. */
  readonly deadlineMs: number
  /** Counts the usage of all operations together. */
  readonly totalUsage: Meter
}

/** Where an operation comes from. */
export interface ContextOrigin {
  /** Undefined when no one has authenticated the request. */
  readonly identity?: Identity | undefined
  /** The `requestId` of its log lines. */
  readonly requestId?: string | undefined
}

/**
 * The context of one operation, with sessions of its own, so that no caller sees what was read for another.
 * @throws {UnauthenticatedError} when the request was not authenticated
 */
export function createContext(
  options: ContextOptions,
  request: Request,
  { identity, requestId }: ContextOrigin,
): GraphContext {
  if (identity === undefined) throw new UnauthenticatedError()
  const { vendors, watcher, pendingMutations, deadlineMs, totalUsage } = options
  const log = withFields(options.log, { requestId })
  const cancelAudit = createCancelAudit(withFields(options.auditLog, { requestId }), identity)
  const { signal, headers } = request
  // Every read of the operation listens for the disconnect. Node warns about a leak from the eleventh listener on.
  setMaxListeners(0, signal)
  const meter = createMeter(totalUsage)
  const [requestedAt, deadline] = [performance.now(), performance.now() + deadlineMs]
  const noCache = /\bno-cache\b/i.test(headers.get('cache-control') ?? '')
  const sessions: RequestSessions = createRequestSessions(
    vendors.map((vendor) => vendor.withCredential?.(headers) ?? vendor),
    (refreshedAt) => ({
      signal,
      requestedAt: refreshedAt ?? requestedAt,
      // Each event of a subscription has its own deadline.
      deadline: refreshedAt === null ? deadline : performance.now() + deadlineMs,
      maxAge: noCache || refreshedAt !== null ? 'new' : 'any',
      background: false,
      meter,
      onCancel(address, cancel) {
        const subject = { address, vendor: sessions.vendorFor(address.type) }
        const notify = () => watcher.notifyChanged(subject)
        void cancel.then(notify, notify)
      },
    }),
  )
  return { identity, sessions, log, cancelAudit, meter, signal, watcher, pendingMutations, deadline }
}

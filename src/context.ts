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
  /** Where cancels are written down. */
  readonly auditLog: Log
  readonly watcher: Watcher
  readonly pendingMutations: PendingMutations
  /** In ms from now. */
  readonly deadlineMs: number
  /** What all operations cost together. */
  readonly totalUsage: Meter
}

/** Where an operation comes from. */
export interface ContextOrigin {
  /** Undefined when nobody has asked who it is. */
  readonly identity?: Identity | undefined
  /** Names it on log lines. */
  readonly requestId?: string | undefined
}

/**
 * What one request's resolvers get: sessions of its own, so that nothing read for one caller is seen by another.
 * @throws {UnauthenticatedError} when whatever brought the request here has not found out who asks
 */
export function createContext(
  options: ContextOptions,
  request: Request,
  { identity, requestId }: ContextOrigin,
): GraphContext {
  if (identity === undefined) throw new UnauthenticatedError()
  const { vendors, watcher, pendingMutations, deadlineMs, totalUsage } = options
  const log = withFields(options.log, { requestId })
  const audit = createCancelAudit(withFields(options.auditLog, { requestId }), identity)
  const { signal, headers } = request
  // Each of the operation's reads listens whether its caller has gone: for Node, more than ten look like a leak.
  setMaxListeners(0, signal)
  const meter = createMeter(totalUsage)
  const [requestedAt, deadline] = [performance.now(), performance.now() + deadlineMs]
  const noCache = /\bno-cache\b/i.test(headers.get('cache-control') ?? '')
  const sessions: RequestSessions = createRequestSessions(
    vendors.map((vendor) => vendor.withCredential?.(headers) ?? vendor),
    (renewedAt) => ({
      signal,
      requestedAt: renewedAt ?? requestedAt,
      // Each event of a subscription has a time of its own.
      deadline: renewedAt === null ? deadline : performance.now() + deadlineMs,
      maxAge: noCache || renewedAt !== null ? 'new' : 'any',
      background: false,
      meter,
      onCancel(address, cancel) {
        const subject = { address, vendor: sessions.vendorFor(address.type) }
        const wake = () => watcher.notifyChanged(subject)
        void cancel.then(wake, wake)
      },
    }),
  )
  return { identity, sessions, log, cancelAudit: audit, meter, signal, watcher, pendingMutations, deadline }
}

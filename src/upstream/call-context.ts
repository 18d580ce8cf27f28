import { VendorError } from '../job/errors.js'
import type { Meter } from '../job/meter.js'
import type { MaxAge, VendorRequest } from '../job/vendor.js'
import type { Priority, PermitRequest } from './budget/permit.js'

/** On whose behalf a vendor is called: priority, deadline, accepted age of the data, and the meter that counts the cost. */
export interface CallContext extends PermitRequest {
  /** When the operation arrived, in the ms of `performance.now()`. */
  readonly requestedAt: number
  /** The oldest data that the caller accepts. */
  readonly maxAge: MaxAge
  readonly meter: Meter
}

/**
 * The context for the vendor calls of one request. Reads in the background get the lowest priority. A cancel ignores
 * the request's signal and gets the full time again from now on, so neither a disconnect nor a slow operation drops it.
 * Reads that explain a cancel bypass the cache.
 */
export function createCallContext(request: VendorRequest, priority: Exclude<Priority, 'poll'>): CallContext {
  const { signal, requestedAt, deadline, maxAge, background, meter } = request
  if (priority !== 'cancel')
    return { priority: background ? 'poll' : priority, requestedAt, deadline, maxAge, signal, meter }
  return {
    priority,
    requestedAt,
    deadline: performance.now() + (deadline - requestedAt),
    maxAge: 'new',
    meter,
  }
}

/** The same context, but it accepts only data read from now on. */
export function bypassCache(context: CallContext): CallContext {
  return { ...context, maxAge: 'new', requestedAt: performance.now() }
}

/** The caller may join reads in flight that started at this time or later, in the ms of `performance.now()`. */
export function minStartedAt({ maxAge, requestedAt }: CallContext): number {
  return maxAge === 'new' ? requestedAt : -Infinity
}

/** Whether a shared read failed only because its first caller ran out of time, while this caller has time left. */
export function mayRetryAsFollower(error: unknown, { deadline }: CallContext): boolean {
  return isDeadlineExceeded(error) && performance.now() < deadline
}

/** Whether the error says nothing about the vendor, only that the caller's deadline passed. */
export function isDeadlineExceeded(error: unknown): boolean {
  if (!(error instanceof VendorError)) return false
  const { httpStatus, isDeadlineBound = false } = error.details
  return isDeadlineBound || (error.code === 'VENDOR_RATE_LIMITED' && httpStatus === undefined)
}

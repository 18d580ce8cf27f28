import { VendorError } from '../job/errors.js'
import type { Meter } from '../job/meter.js'
import type { MaxAge, VendorRequest } from '../job/vendor.js'
import type { Priority, PermitRequest } from './budget/permit.js'

/** Whoever sends requests to a vendor: what they may wait for, and who is told what they cost. */
export interface CallContext extends PermitRequest {
  /** When the operation came, in the ms of `performance.now()`. */
  readonly requestedAt: number
  /** How old an answer may be. */
  readonly maxAge: MaxAge
  readonly meter: Meter
}

/**
 * The caller that a request is to its vendor. Where nobody waits for the answer, its reads go last. A cancel is
 * never dropped because its caller left or the rest of its operation took long: its time begins now. What explains it
 * is read from the vendor itself.
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

/** The same caller, who wants to know how things are from now on. */
export function bypassCache(caller: CallContext): CallContext {
  return { ...caller, maxAge: 'new', requestedAt: performance.now() }
}

/** Which reads under way this caller may join: those begun since then. */
export function minStartedAt({ maxAge, requestedAt }: CallContext): number {
  return maxAge === 'new' ? requestedAt : -Infinity
}

/** Whether this says only that somebody else's time was up, while this caller has time left. */
export function mayRetryAsFollower(error: unknown, { deadline }: CallContext): boolean {
  return isDeadlineExceeded(error) && performance.now() < deadline
}

/** Whether this says only that the time of whoever asked was up. */
export function isDeadlineExceeded(error: unknown): boolean {
  if (!(error instanceof VendorError)) return false
  const { httpStatus, isDeadlineBound = false } = error.details
  return isDeadlineBound || (error.code === 'VENDOR_RATE_LIMITED' && httpStatus === undefined)
}

import { VendorError } from '../job/errors.js'
import type { Meter } from '../job/meter.js'
import type { Age, VendorRequest } from '../job/vendor.js'
import type { Priority, Turn } from './budget/turn.js'

/** Whoever sends requests to a vendor: what they may wait for, and who is told what they cost. */
export interface Caller extends Turn {
  /** When the operation came, in the ms of `performance.now()`. */
  readonly askedAt: number
  /** How old an answer may be. */
  readonly age: Age
  readonly meter: Meter
}

/**
 * The caller that a request is to its vendor. Where nobody waits for the answer, its reads go last. A cancel is
 * never dropped because its caller left or the rest of its operation took long: its time begins now. What explains it
 * is read from the vendor itself.
 */
export function callerOf(request: VendorRequest, priority: Exclude<Priority, 'poll'>): Caller {
  const { signal, askedAt, deadline, age, background, meter } = request
  if (priority !== 'cancel') return { priority: background ? 'poll' : priority, askedAt, deadline, age, signal, meter }
  return {
    priority,
    askedAt,
    deadline: performance.now() + (deadline - askedAt),
    age: 'new',
    meter,
  }
}

/** The same caller, who wants to know how things are from now on. */
export function askingAnew(caller: Caller): Caller {
  return { ...caller, age: 'new', askedAt: performance.now() }
}

/** Which reads under way this caller may join: those begun since then. */
export function begunSince({ age, askedAt }: Caller): number {
  return age === 'new' ? askedAt : -Infinity
}

/** Whether this says only that somebody else's time was up, while this caller has time left. */
export function isRefusedFor(error: unknown, { deadline }: Caller): boolean {
  return isTimeUp(error) && performance.now() < deadline
}

/** Whether this says only that the time of whoever asked was up. */
export function isTimeUp(error: unknown): boolean {
  if (!(error instanceof VendorError)) return false
  const { httpStatus, wasCutShort = false } = error.details
  return wasCutShort || (error.code === 'VENDOR_RATE_LIMITED' && httpStatus === undefined)
}

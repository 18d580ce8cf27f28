import type { VendorBudget } from '../../job/vendor.js'
import type { Priority } from './permit.js'

/**
 * How fast one bucket lets requests through. Each costs an interval of being "ahead", which runs out with time; one
 * is let through when that leaves the bucket no further ahead than the tolerance. (GCRA.)
 */
export interface GcraRate {
  /** What one request costs, in ms. */
  readonly emissionIntervalMs: number
  /** How far ahead reads may bring the bucket, in ms. */
  readonly readToleranceMs: number
  /** The same for cancels: further, so that reads always leave some room for them. */
  readonly cancelToleranceMs: number
  /** The same for looks that nobody waits for: less far, so that they leave the burst to those who do wait. */
  readonly pollToleranceMs: number
}

/** A limit per window, kept in every window wherever it begins. */
export interface GcraLimit extends GcraRate {
  /** Requests a window. */
  readonly limit: number
  readonly windowMs: number
  /** For cancels within a window of Redis having been away, in ms: whoever sent how many cancels is forgotten then. */
  readonly recoveryToleranceMs: number
  /** How far ahead a Redis that was away has to be taken to be, in ms, when so many instances went on without it. */
  minBacklogMs(instances: number): number
  /** The pace of one of so many instances that know nothing of each other. */
  rateForInstances(instances: number): GcraRate
}

export interface GcraOptions {
  /** Requests a window, at least 10. */
  readonly limit: number
  /** A minute when not given. */
  readonly windowMs?: number | undefined
}

/** Of the limit: the rest is for clocks and networks that stretch and squeeze. */
const USABLE_SHARE = 0.98
/** Of the limit: what may be sent at once. The remainder of what is used is spread over the window. */
const BURST_SHARE = 0.2
/** Of the limit: the part of the burst that only cancels may use. */
const CANCEL_SHARE = 0.1
/** Of what reads may use of the burst: what polls may. */
const POLL_SHARE = 0.2

/**
 * The numbers that keep a limit: any window holds at most the burst and what is sustained, which together are 98 % of
 * the limit.
 *
 * Worked through for 500 a minute: of 490, 100 at once, 50 of them for cancels alone, and 390 spread over the minute,
 * one each 154 ms. So reads may be 50 intervals ahead and cancels 100. Of the margin of 10, one is for `floorMs`, one
 * for `carefulToleranceMs`, and four are for cancels without Redis: one for each of four instances.
 */
export function createGcraLimit({ limit, windowMs = 60_000 }: GcraOptions): GcraLimit {
  const capacity = Math.floor(limit * USABLE_SHARE)
  const burst = Math.max(1, Math.floor(limit * BURST_SHARE))
  const readBurst = Math.max(1, burst - Math.floor(limit * CANCEL_SHARE))
  const intervalMs = inMicroseconds(windowMs / (capacity - burst))
  const readToleranceMs = readBurst * intervalMs
  // What the limit has above the capacity is for the two moments at which nobody knows exactly what was sent. One is
  // for the read that `floorMs` leaves, one for cancels after Redis was away, half of the others for cancels without it.
  const margin = limit - capacity
  const careful = Math.min(1, margin - 1)
  const spare = Math.floor((margin - 1 - careful) / 2)

  return {
    limit,
    windowMs,
    emissionIntervalMs: intervalMs,
    readToleranceMs,
    cancelToleranceMs: burst * intervalMs,
    pollToleranceMs: Math.max(readToleranceMs * POLL_SHARE, intervalMs),
    recoveryToleranceMs: readToleranceMs + careful * intervalMs,
    // One interval below what reads may reach, so that an instance whose Redis comes and goes does not hold up the reads
    // of all others. More instances than the burst has requests may have sent more than the burst without Redis.
    minBacklogMs: (instances) => readToleranceMs + (Math.max(0, instances - burst) - 1) * intervalMs,
    rateForInstances(instances) {
      // Every instance can send at least one request at once, so many of them make a burst of their own.
      const sustained = Math.max(1, capacity - Math.max(burst, instances))
      const cost = inMicroseconds((instances * windowMs) / sustained)
      const tolerance = Math.max(readToleranceMs, cost)
      return {
        emissionIntervalMs: cost,
        readToleranceMs: tolerance,
        cancelToleranceMs: tolerance + Math.floor(spare / instances) * cost,
        pollToleranceMs: Math.max(tolerance * POLL_SHARE, cost),
      }
    },
  }
}

/**
 * How long a request has to wait, in ms; 0 when it may go now.
 * @param aheadMs how far ahead the bucket is
 * @param before how many others go first
 */
export function gcraWaitMs(pace: GcraRate, aheadMs: number, priority: Priority, before = 0): number {
  return Math.max(0, aheadMs + (before + 1) * pace.emissionIntervalMs - toleranceOf(pace, priority))
}

/** How far ahead requests of a priority may bring the bucket, in ms. */
export function toleranceOf(pace: GcraRate, priority: Priority): number {
  switch (priority) {
    case 'cancel':
      return pace.cancelToleranceMs
    case 'read':
    case 'list':
      return pace.readToleranceMs
    case 'poll':
      return pace.pollToleranceMs
  }
}

export interface WindowUsage {
  /** Requests sent within the last window. */
  readonly sent: number
  /** Until the last of them is a window ago, in ms. */
  readonly clearsInMs: number
  /** How long the vendor asked for a pause, in ms. */
  readonly pausedMs: number
}

/**
 * What is left of a limit.
 * @param limit requests a window, as configured
 */
export function toVendorBudget(limit: number, { sent, clearsInMs, pausedMs }: WindowUsage): VendorBudget {
  return {
    limit,
    remaining: pausedMs > 0 ? 0 : Math.max(0, limit - sent),
    resetsInSeconds: Math.max(clearsInMs, pausedMs) / 1000,
  }
}

/** Whole microseconds, in which Redis counts; rounded to the safe side. */
function inMicroseconds(ms: number): number {
  return Math.ceil(ms * 1000) / 1000
}

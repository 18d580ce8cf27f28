import type { VendorBudget } from '../../job/vendor.js'
import type { Priority } from './permit.js'

/**
 * The parameters of the generic cell rate algorithm (GCRA). Each request moves the theoretical arrival time (TAT) of the
 * next one by the emission interval. A request conforms while TAT stays within the burst tolerance from now. The code
 * calls "TAT minus now" the backlog: it is never negative and drains as time passes.
 */
export interface GcraRate {
  /** The emission interval: how much backlog one request adds, in ms. */
  readonly emissionIntervalMs: number
  /** Burst tolerance of reads: the largest backlog after one, in ms. */
  readonly readToleranceMs: number
  /** Burst tolerance of cancels, in ms: higher, so that reads always leave room for cancels. */
  readonly cancelToleranceMs: number
  /** Burst tolerance of polls, in ms: lower, so that polls leave the burst to callers who wait. */
  readonly pollToleranceMs: number
}

/** A rate that never exceeds the limit in any sliding window. */
export interface GcraLimit extends GcraRate {
  /** Requests per window. */
  readonly limit: number
  readonly windowMs: number
  /** Burst tolerance of cancels for one window after a Redis outage, in ms: the number of cancels sent is unknown then. */
  readonly recoveryToleranceMs: number
  /** The backlog to assume after a Redis outage during which this many instances used local limits, in ms. */
  minBacklogMs(instances: number): number
  /** The local rate of each of this many instances during a Redis outage. */
  rateForInstances(instances: number): GcraRate
}

export interface GcraOptions {
  /** Requests per window, at least 10. */
  readonly limit: number
  /** In ms. Default one minute. */
  readonly windowMs?: number | undefined
}

/** Share of the limit that is used; the rest absorbs clock drift and network jitter. */
const USABLE_SHARE = 0.98
/** Share of the limit that may be sent at once. The rest of the used share is spread over the window. */
const BURST_SHARE = 0.2
/** Share of the limit, within the burst, that is reserved for cancels. */
const CANCEL_SHARE = 0.1
/** Share of the reads' burst tolerance that polls may use. */
const POLL_SHARE = 0.2

/**
 * Derives the GCRA parameters for a limit. Any window holds at most the burst plus the sustained requests, which
 * together are 98 % of the limit.
 *
 * Example, 500 per minute: 490 are used; 100 of them as burst, 50 of which are reserved for cancels; 390 are spread over
 * the minute, one per 154 ms. So the burst tolerance is 50 intervals for reads and 100 for cancels. Of the margin of 10,
 * `minBacklogMs` uses one, `recoveryToleranceMs` one, and four are for cancels without Redis, one for each of four instances.
 */
export function createGcraLimit({ limit, windowMs = 60_000 }: GcraOptions): GcraLimit {
  const capacity = Math.floor(limit * USABLE_SHARE)
  const burst = Math.max(1, Math.floor(limit * BURST_SHARE))
  const readBurst = Math.max(1, burst - Math.floor(limit * CANCEL_SHARE))
  const emissionIntervalMs = ceilToMicroseconds(windowMs / (capacity - burst))
  const readToleranceMs = readBurst * emissionIntervalMs
  // The margin above the capacity covers the start and the end of a Redis outage, when the exact number of sent requests
  // is unknown: one for the read that `minBacklogMs` allows, one for cancels after the outage, and half of the others
  // for cancels during it.
  const margin = limit - capacity
  const recoveryCancels = Math.min(1, margin - 1)
  const outageCancels = Math.floor((margin - 1 - recoveryCancels) / 2)

  return {
    limit,
    windowMs,
    emissionIntervalMs,
    readToleranceMs,
    cancelToleranceMs: burst * emissionIntervalMs,
    pollToleranceMs: Math.max(readToleranceMs * POLL_SHARE, emissionIntervalMs),
    recoveryToleranceMs: readToleranceMs + recoveryCancels * emissionIntervalMs,
    // One interval below the reads' tolerance, so that an instance with an unstable connection does not block the reads
    // of all others. More instances than the burst has requests may have sent more than the burst during the outage.
    minBacklogMs: (instances) => readToleranceMs + (Math.max(0, instances - burst) - 1) * emissionIntervalMs,
    rateForInstances(instances) {
      // Each instance can send at least one request at once, so many instances add up to a larger burst.
      const sustained = Math.max(1, capacity - Math.max(burst, instances))
      const intervalMs = ceilToMicroseconds((instances * windowMs) / sustained)
      const tolerance = Math.max(readToleranceMs, intervalMs)
      return {
        emissionIntervalMs: intervalMs,
        readToleranceMs: tolerance,
        cancelToleranceMs: tolerance + Math.floor(outageCancels / instances) * intervalMs,
        pollToleranceMs: Math.max(tolerance * POLL_SHARE, intervalMs),
      }
    },
  }
}

/**
 * How long a request has to wait until it conforms, in ms; 0 when it may be sent now.
 * @param backlogMs the theoretical arrival time minus now
 * @param ahead the number of requests that go first
 */
export function gcraWaitMs(rate: GcraRate, backlogMs: number, priority: Priority, ahead = 0): number {
  return Math.max(0, backlogMs + (ahead + 1) * rate.emissionIntervalMs - toleranceOf(rate, priority))
}

/** The burst tolerance of a priority, in ms. */
export function toleranceOf(rate: GcraRate, priority: Priority): number {
  switch (priority) {
    case 'cancel':
      return rate.cancelToleranceMs
    case 'read':
    case 'list':
      return rate.readToleranceMs
    case 'poll':
      return rate.pollToleranceMs
  }
}

export interface WindowUsage {
  /** Requests sent within the last window. */
  readonly sent: number
  /** Until the window is empty, in ms. */
  readonly clearsInMs: number
  /** The rest of a pause that the vendor asked for, in ms. */
  readonly pausedMs: number
}

/**
 * What remains of a limit.
 * @param limit requests per window, as configured
 */
export function toVendorBudget(limit: number, { sent, clearsInMs, pausedMs }: WindowUsage): VendorBudget {
  return {
    limit,
    remaining: pausedMs > 0 ? 0 : Math.max(0, limit - sent),
    resetsInSeconds: Math.max(clearsInMs, pausedMs) / 1000,
  }
}

/** Redis counts in whole microseconds; rounding up keeps the rate below the limit. */
function ceilToMicroseconds(ms: number): number {
  return Math.ceil(ms * 1000) / 1000
}

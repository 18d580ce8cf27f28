import type { VendorError } from '../job/errors.js'
import type { PollIntervalBounds } from './poll-interval.js'

/** Tracks consecutive transient failures of one job. */
export interface OutageTracker {
  /**
   * @param startedAt when the attempt started, in the ms of `performance.now()`: concurrent attempts count once
   * @returns whether the outage has outlasted its grace period, so that subscribers must be told
   */
  recordFailure(error: VendorError, startedAt: number): boolean
  /** Ends the outage, if there is one. */
  recordSuccess(): void
  isActive(): boolean
  /** The delay before the next attempt, in ms: doubles with each failure, and is never less than the vendor asked for. */
  backoffMs(): number
}

export interface OutageTrackerOptions {
  readonly bounds: PollIntervalBounds
  /** How long subscribers are not told of an outage, in ms. */
  readonly outageGraceMs: number
}

/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = 60_000
/** The random share taken off each delay, so that jobs of the same vendor do not retry together. */
const JITTER = 0.2

export function createOutageTracker({ bounds, outageGraceMs }: OutageTrackerOptions): OutageTracker {
  let since = 0
  let failures = 0
  let countedAt = -Infinity
  let retryAfterMs = 0
  const remainingGraceMs = () => since + outageGraceMs - performance.now()
  return {
    recordFailure({ details }, startedAt) {
      if (failures === 0) since = performance.now()
      if (failures === 0 || startedAt > countedAt) {
        failures++
        countedAt = performance.now()
      }
      retryAfterMs = Math.min((details.retryAfterSeconds ?? 0) * 1000, MAX_RETRY_AFTER_MS)
      return remainingGraceMs() <= 0
    },
    recordSuccess() {
      failures = 0
    },
    isActive: () => failures > 0,
    backoffMs() {
      const backoffMs = Math.min(bounds.minMs * 2 ** (failures - 1), bounds.maxMs) * (1 - JITTER * Math.random())
      // An attempt near the end of the grace period lets subscribers be told on time.
      const graceMs = remainingGraceMs() > 0 ? Math.max(remainingGraceMs(), bounds.minMs) : Infinity
      return Math.max(retryAfterMs, Math.min(backoffMs, graceMs))
    },
  }
}

import type { VendorError } from '../job/errors.js'
import type { PollIntervalBounds } from './poll-interval.js'

/** Failures in a row that may pass. */
export interface OutageTracker {
  /**
   * One more failure. Says whether it has gone on for so long that it has to be told.
   * @param begunAt when that attempt began, in the ms of `performance.now()`: those that were under way together count once
   */
  recordFailure(error: VendorError, begunAt: number): boolean
  /** It is over, if there was one. */
  recordSuccess(): void
  isActive(): boolean
  /** Before the next attempt, in ms: twice as long after each failure, and as long as the vendor asked for. */
  backoffMs(): number
}

export interface OutageTrackerOptions {
  readonly bounds: PollIntervalBounds
  /** How long it is kept quiet, in ms. */
  readonly outageGraceMs: number
}

/** A vendor may ask for more patience than a viewer has. */
const MAX_PAUSE_MS = 60_000
/** Of a pause, at random: those who wait for the same vendor do not come back together. */
const JITTER = 0.2

export function createOutageTracker({ bounds, outageGraceMs }: OutageTrackerOptions): OutageTracker {
  let since = 0
  let failures = 0
  let countedAt = -Infinity
  let askedMs = 0
  const untilToldMs = () => since + outageGraceMs - performance.now()
  return {
    recordFailure({ details }, begunAt) {
      if (failures === 0) since = performance.now()
      if (failures === 0 || begunAt > countedAt) {
        failures++
        countedAt = performance.now()
      }
      askedMs = Math.min((details.retryAfterSeconds ?? 0) * 1000, MAX_PAUSE_MS)
      return untilToldMs() <= 0
    },
    recordSuccess() {
      failures = 0
    },
    isActive: () => failures > 0,
    backoffMs() {
      const backoffMs = Math.min(bounds.minMs * 2 ** (failures - 1), bounds.maxMs) * (1 - JITTER * Math.random())
      // Not so long that it is told much too late.
      const leftMs = untilToldMs() > 0 ? Math.max(untilToldMs(), bounds.minMs) : Infinity
      return Math.max(askedMs, Math.min(backoffMs, leftMs))
    },
  }
}

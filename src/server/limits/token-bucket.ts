import { LRUCache } from 'lru-cache'

/** A token bucket for each caller. */
export interface TokenBuckets {
  /** Takes one of the caller's tokens and returns 0; returns the seconds until the next one when the bucket is empty. */
  take(caller: string): number
}

/** The most recent callers. A caller that was evicted has a full bucket. */
const MAX_CALLERS = 20_000
const MINUTE_MS = 60_000

/** Buckets of `perMinute` tokens that refill within a minute. Each is stored as the time when it will be full. */
export function createTokenBuckets(perMinute: number, now: () => number = () => performance.now()): TokenBuckets {
  const fullAt = new LRUCache<string, number>({ max: MAX_CALLERS })
  const intervalMs = MINUTE_MS / perMinute
  return {
    take(caller) {
      const full = Math.max(fullAt.get(caller) ?? 0, now()) + intervalMs
      // The tolerance covers rounding errors of floating point.
      const waitMs = full - now() - MINUTE_MS - 1e-6
      if (waitMs > 0) return waitMs / 1000
      fullAt.set(caller, full)
      return 0
    },
  }
}

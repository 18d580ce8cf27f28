import { LRUCache } from 'lru-cache'

/** Says when each of many has had enough for the moment. */
export interface TokenBuckets {
  /** Takes one token of this caller's; gives 0, or when there is none, the seconds until there will be one. */
  take(caller: string): number
}

/** The callers that are remembered; for the others, the buckets are full. */
const MAX_CALLERS = 20_000
const MINUTE = 60_000

/** A bucket of tokens for each caller, which fills within a minute. What is kept of a bucket is when it will be full. */
export function createTokenBuckets(perMinute: number, now: () => number = () => performance.now()): TokenBuckets {
  const fullAt = new LRUCache<string, number>({ max: MAX_CALLERS })
  const interval = MINUTE / perMinute
  return {
    take(caller) {
      const full = Math.max(fullAt.get(caller) ?? 0, now()) + interval
      // The tolerance is for what floating point makes of thirds.
      const excess = full - now() - MINUTE - 1e-6
      if (excess > 0) return excess / 1000
      fullAt.set(caller, full)
      return 0
    },
  }
}

/** Keeps retries from making a sick vendor sicker: they are a part of what is sent, and never more. */
export interface RetryBudget {
  /** A request that is no retry was sent. */
  earn(): void
  /** Whether one more retry may be sent; if so, it counts as sent. */
  spend(): boolean
}

/** Retries for each request that is none. */
const SHARE = 0.2
/** What a quiet hour leaves for the first failures after it. */
const MOST = 10

/** A token bucket that is filled by requests instead of time. Full at first. */
export function createRetryBudget(): RetryBudget {
  let tokens = MOST
  return {
    earn() {
      tokens = Math.min(MOST, tokens + SHARE)
    },
    spend() {
      if (tokens < 1) return false
      tokens--
      return true
    },
  }
}

/** Keeps retries from making a sick vendor sicker: they are a part of what is sent, and never more. */
export interface RetryBudget {
  /** A request that is no retry was sent. */
  deposit(): void
  /** Whether one more retry may be sent; if so, it counts as sent. */
  withdraw(): boolean
}

/** Retries for each request that is none. */
const RETRIES_PER_REQUEST = 0.2
/** What a quiet hour leaves for the first failures after it. */
const MAX_TOKENS = 10

/** A token bucket that is filled by requests instead of time. Full at first. */
export function createRetryBudget(): RetryBudget {
  let tokens = MAX_TOKENS
  return {
    deposit() {
      tokens = Math.min(MAX_TOKENS, tokens + RETRIES_PER_REQUEST)
    },
    withdraw() {
      if (tokens < 1) return false
      tokens--
      return true
    },
  }
}

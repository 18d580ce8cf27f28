/** Limits retries to a share of the requests, so that retries do not overload a failing vendor. */
export interface RetryBudget {
  /** Records a request that is not a retry. */
  deposit(): void
  /** Takes a token for one retry; false when none is left. */
  withdraw(): boolean
}

/** Earned by each request that is not a retry. */
const RETRIES_PER_REQUEST = 0.2
/** Also the initial number, so that the first failures after a quiet hour are retried. */
const MAX_TOKENS = 10

/** A token bucket that requests refill instead of time. */
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

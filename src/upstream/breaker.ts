import {
  CircuitState as BreakerState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel'
import type { VendorError } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'

/** A circuit breaker that opens after consecutive failures. */
export interface Breaker {
  /**
   * Fails fast before a caller waits for a permit.
   * @throws {VendorError} from `createRejection` while the circuit is open
   */
  check(): void
  /**
   * Runs a call, unless the circuit is open.
   * @throws {VendorError} from `createRejection` while the circuit is open
   */
  run<T>(call: () => Promise<T>): Promise<T>
  state(): CircuitState
}

/** What an error counts as. `ignored` neither adds to the consecutive failures nor resets them. */
export type CallOutcome = 'failure' | 'success' | 'ignored'

export interface BreakerOptions {
  /** Consecutive failures that open the circuit. */
  readonly failureThreshold: number
  /** How long the circuit stays open, in ms. Then it is half open and lets one call through. */
  readonly openMs: number
  readonly classify: (error: unknown) => CallOutcome
  /** Creates the error for a call that the open circuit rejects. */
  readonly createRejection: () => VendorError
}

export function createBreaker({ failureThreshold, openMs, classify, createRejection }: BreakerOptions): Breaker {
  // The trial call of a half-open circuit must prove success: an ignored error opens the circuit again.
  const isFailure = (error: Error) =>
    classify(error) === 'failure' || (policy.state === BreakerState.HalfOpen && classify(error) === 'ignored')
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failureThreshold),
  })
  let openUntil = 0
  policy.onBreak(() => {
    openUntil = Date.now() + openMs
  })

  /** Returns errors that count as success, because cockatiel takes every thrown error for no success. */
  async function settle<T>(call: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
    try {
      return { value: await call() }
    } catch (error) {
      if (classify(error) === 'success') return { error }
      throw error
    }
  }

  return {
    check() {
      if (Date.now() < openUntil && policy.state === BreakerState.Open) throw createRejection()
    },
    async run(call) {
      try {
        const outcome = await policy.execute(() => settle(call))
        if ('error' in outcome) throw outcome.error
        return outcome.value
      } catch (error) {
        throw isBrokenCircuitError(error) ? createRejection() : error
      }
    },
    state() {
      switch (policy.state) {
        case BreakerState.Closed:
          return 'CLOSED'
        case BreakerState.HalfOpen:
          return 'HALF_OPEN'
        case BreakerState.Open:
        case BreakerState.Isolated:
          return 'OPEN'
      }
    },
  }
}

import {
  CircuitState as BreakerState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel'
import type { VendorError } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'

/** Spares something that fails again and again, and its callers the waiting. */
export interface Breaker {
  /**
   * For those who have to wait before they call: spares them the wait.
   * @throws {VendorError} as `run` does, while the circuit is open
   */
  check(): void
  /**
   * Runs a call, unless the circuit is open.
   * @throws {VendorError} `refuse`'s when it is
   */
  run<T>(call: () => Promise<T>): Promise<T>
  state(): CircuitState
}

/** What an error says of that which was called: that it fails, that it does not, or nothing. */
export type CallOutcome = 'fails' | 'works' | 'unknown'

export interface BreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number
  /** Then nothing is called for so long, in ms; and then one call, to see. */
  readonly openMs: number
  readonly classify: (error: unknown) => CallOutcome
  /** The error for what is not called. */
  readonly createRejection: () => VendorError
}

export function createBreaker({ failureThreshold, openMs, classify, createRejection }: BreakerOptions): Breaker {
  // The one call that is to show whether all is well again has to show it.
  const isFailure = (error: Error) =>
    classify(error) === 'fails' || (policy.state === BreakerState.HalfOpen && classify(error) === 'unknown')
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failureThreshold),
  })
  let openUntil = 0
  policy.onBreak(() => {
    openUntil = Date.now() + openMs
  })

  /** An error that says all is well is a success to the policy. */
  async function settle<T>(call: () => Promise<T>): Promise<{ value: T } | { refusal: unknown }> {
    try {
      return { value: await call() }
    } catch (error) {
      if (classify(error) === 'works') return { refusal: error }
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
        if ('refusal' in outcome) throw outcome.refusal
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

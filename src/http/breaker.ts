import {
  CircuitState as BreakerState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel'
import { VendorError } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'

const FAILURES_TO_OPEN = 10
const OPEN_MS = 5000

/** Spares a sick vendor, and its callers the waiting. */
export interface Breaker {
  /**
   * For those who have to wait before they call: spares them the wait.
   * @throws {VendorError} as `run` does, while the circuit is open
   */
  check(): void
  /**
   * Runs a call, unless the circuit is open.
   * @throws {VendorError} VENDOR_UNAVAILABLE with `retryAfterSeconds` when it is
   */
  run<T>(call: () => Promise<T>): Promise<T>
  state(): CircuitState
}

/**
 * Opens after 10 failures in a row and lets one call through after 5 s to see. Only what says that the vendor is
 * unwell counts: no 4xx, and no caller who went away.
 */
export function createBreaker(vendor: VendorName): Breaker {
  // The one call that is to show whether the vendor is well again has to show it.
  const isFailure = (error: Error) =>
    isVendorUnwell(error) || (policy.state === BreakerState.HalfOpen && showsNothing(error))
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  })
  let openUntil = 0
  policy.onBreak(() => {
    openUntil = Date.now() + OPEN_MS
  })
  return {
    check() {
      if (Date.now() < openUntil && policy.state === BreakerState.Open) throw leftAlone(vendor)
    },
    async run(call) {
      try {
        const outcome = await policy.execute(() => settle(call))
        if ('refusal' in outcome) throw outcome.refusal
        return outcome.value
      } catch (error) {
        throw isBrokenCircuitError(error) ? leftAlone(vendor) : error
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

function leftAlone(vendor: VendorName): VendorError {
  return new VendorError(
    vendor,
    'VENDOR_UNAVAILABLE',
    `${vendor} has failed repeatedly and is being left alone for a moment; nothing was sent.`,
    { retryAfterSeconds: OPEN_MS / 1000 },
  )
}

/** A vendor that refuses is well enough to do so: for the breaker that is a success. */
async function settle<T>(call: () => Promise<T>): Promise<{ value: T } | { refusal: VendorError }> {
  try {
    return { value: await call() }
  } catch (error) {
    if (error instanceof VendorError && !isVendorUnwell(error) && !showsNothing(error)) return { refusal: error }
    throw error
  }
}

/** Of a caller who left, or whose time was over, nobody knows what the vendor would have answered. */
function showsNothing(error: Error): boolean {
  return !(error instanceof VendorError) || error.details.wasCutShort === true
}

function isVendorUnwell(error: Error): boolean {
  if (!(error instanceof VendorError) || error.details.wasCutShort) return false
  return error.code === 'VENDOR_UNAVAILABLE' || error.code === 'VENDOR_TIMEOUT'
}

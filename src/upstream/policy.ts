import { BulkheadRejectedError, bulkhead, DelegateBackoff, handleWhen, retry, type RetryPolicy } from 'cockatiel'
import { VendorError } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'
import type { CallContext } from './call-context.js'
import { createRetryBudget } from './retry-budget.js'
import { createVendorBreaker } from './vendor-breaker.js'

/** The resilience policy that every read of one vendor passes through. */
export interface Policy {
  /**
   * Runs a read. From the outside in: retry with backoff, within the caller's deadline and the retry budget; then for
   * each attempt a permit, the bulkhead and the circuit breaker.
   * @param waitForPermit waits until this attempt may be sent
   * @param send sends the request, with its own timeout
   * @throws {VendorError} the error of the last attempt
   */
  read<T>(
    context: CallContext,
    waitForPermit: (isFirstAttempt: boolean) => Promise<void>,
    send: () => Promise<T>,
  ): Promise<T>
  /** Fails fast before a caller waits for a permit. @throws {VendorError} while the circuit is open */
  check(): void
  circuit(): CircuitState
}

export interface PolicyOptions {
  readonly vendor: VendorName
  /** How often a read is retried after a transient failure. Default 2. */
  readonly maxRetries?: number | undefined
}

/** Requests that are sent or wait for a connection. More of them would only slow down the others. */
const MAX_IN_FLIGHT = 512
const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 2000

/** Composes retry, bulkhead and breaker: the only place that does. */
export function createPolicy({ vendor, maxRetries = 2 }: PolicyOptions): Policy {
  const breaker = createVendorBreaker(vendor)
  const retryBudget = createRetryBudget()
  const inFlight = bulkhead(MAX_IN_FLIGHT, 0)

  /** One retry policy for each read, because it depends on the caller's deadline and priority. */
  function createRetry(context: CallContext): RetryPolicy {
    let failures = 0
    let backoffMs = 0
    const shouldRetry = (error: Error) => {
      if (!(error instanceof VendorError) || !error.details.isRetryable || context.signal?.aborted) return false
      backoffMs = backoffAfter(++failures, error.details.retryAfterSeconds)
      const isInTime = performance.now() + backoffMs < context.deadline
      // A failed poll is not retried: the next poll takes its place.
      return context.priority !== 'poll' && failures <= maxRetries && isInTime && retryBudget.withdraw()
    }
    return retry(handleWhen(shouldRetry), { maxAttempts: maxRetries, backoff: new DelegateBackoff(() => backoffMs) })
  }

  async function withBulkhead<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await inFlight.execute(call)
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? bulkheadRejection(vendor) : error
    }
  }

  return {
    read: (context, waitForPermit, send) =>
      createRetry(context).execute(async ({ attempt }) => {
        await waitForPermit(attempt === 0)
        if (attempt === 0) retryBudget.deposit()
        return withBulkhead(() => breaker.run(send))
      }),
    check: breaker.check,
    circuit: breaker.state,
  }
}

/** Exponential backoff with full jitter, so that callers do not retry in step; at least the vendor's Retry-After. */
function backoffAfter(failures: number, retryAfterSeconds: number | null | undefined): number {
  const ceilingMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS)
  return Math.max(Math.random() * ceilingMs, (retryAfterSeconds ?? 0) * 1000)
}

function bulkheadRejection(vendor: VendorName): VendorError {
  const message = `Too many requests to ${vendor} are in flight; this one was not sent. Try again later.`
  return new VendorError(vendor, 'VENDOR_UNAVAILABLE', message, { retryAfterSeconds: 1 })
}

import { BulkheadRejectedError, bulkhead, DelegateBackoff, handleWhen, retry, type RetryPolicy } from 'cockatiel'
import { VendorError } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'
import type { CallContext } from './call-context.js'
import { createRetryBudget } from './retry-budget.js'
import { createVendorBreaker } from './vendor-breaker.js'

/** What every read of one vendor goes through, around the exchange itself. */
export interface Policy {
  /**
   * Runs a read, from the outside in: retries with backoff while the caller's time and the retry budget last; for each
   * attempt its turn, then the bulkhead, then the circuit breaker.
   * @param takeTurn waits until an attempt may be sent; told whether it is the first
   * @param send the exchange, with a timeout of its own
   * @throws {VendorError} what the last attempt came to
   */
  read<T>(caller: CallContext, takeTurn: (isFirst: boolean) => Promise<void>, send: () => Promise<T>): Promise<T>
  /** For those who have to wait before they read. @throws {VendorError} while the circuit is open */
  check(): void
  circuit(): CircuitState
}

export interface PolicyOptions {
  readonly vendor: VendorName
  /** How often a read is tried again that failed in a way which may pass. Default 2. */
  readonly maxRetries?: number | undefined
}

/** Sent or waiting for a connection, all together: one more would only make the others wait. */
const MAX_IN_FLIGHT = 512
const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 2000

/** The one place where a vendor's policies are composed. */
export function createPolicy({ vendor, maxRetries = 2 }: PolicyOptions): Policy {
  const breaker = createVendorBreaker(vendor)
  const retryBudget = createRetryBudget()
  const room = bulkhead(MAX_IN_FLIGHT, 0)

  /** Of one read, because how long it may go on depends on who asks. */
  function retryFor(caller: CallContext): RetryPolicy {
    let failures = 0
    let backoffMs = 0
    const isWorthIt = (error: Error) => {
      if (!(error instanceof VendorError) || !error.details.isRetryable || caller.signal?.aborted) return false
      backoffMs = backoffAfter(++failures, error.details.retryAfterSeconds)
      const isInTime = performance.now() + backoffMs < caller.deadline
      // Whoever looks again by themselves is not helped by it.
      return caller.priority !== 'poll' && failures <= maxRetries && isInTime && retryBudget.withdraw()
    }
    return retry(handleWhen(isWorthIt), { maxAttempts: maxRetries, backoff: new DelegateBackoff(() => backoffMs) })
  }

  async function inTheRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await room.execute(work)
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? bulkheadRejection(vendor) : error
    }
  }

  return {
    read: (caller, takeTurn, send) =>
      retryFor(caller).execute(async ({ attempt }) => {
        await takeTurn(attempt === 0)
        if (attempt === 0) retryBudget.deposit()
        return inTheRoom(() => breaker.run(send))
      }),
    check: breaker.check,
    circuit: breaker.state,
  }
}

/** Full jitter, so that those who failed together do not come back together; but not before the vendor wants them. */
function backoffAfter(failures: number, retryAfterSeconds: number | null | undefined): number {
  const ceilingMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS)
  return Math.max(Math.random() * ceilingMs, (retryAfterSeconds ?? 0) * 1000)
}

function bulkheadRejection(vendor: VendorName): VendorError {
  return new VendorError(
    vendor,
    'VENDOR_UNAVAILABLE',
    `Too many requests to ${vendor} are under way; this one was not sent.`,
    { retryAfterSeconds: 1 },
  )
}

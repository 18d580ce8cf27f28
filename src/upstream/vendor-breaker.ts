import { VendorError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBreaker, type Breaker, type CallOutcome } from './breaker.js'

const FAILURE_THRESHOLD = 10
const OPEN_MS = 5000

/**
 * Protects a failing vendor: opens after 10 consecutive failures and lets one trial call through after 5 s. Only lost
 * connections, timeouts and 5xx count as failures; a 4xx is a success, and a disconnected caller is ignored.
 */
export function createVendorBreaker(vendor: VendorName): Breaker {
  const message = `${vendor} failed repeatedly, so its circuit is open; nothing was sent. Try again later.`
  return createBreaker({
    failureThreshold: FAILURE_THRESHOLD,
    openMs: OPEN_MS,
    classify,
    createRejection: () =>
      new VendorError(vendor, 'VENDOR_UNAVAILABLE', message, { retryAfterSeconds: OPEN_MS / 1000 }),
  })
}

/** A call that its caller aborted, or that ran into its caller's deadline, says nothing about the vendor's health. */
function classify(error: unknown): CallOutcome {
  if (!(error instanceof VendorError) || error.details.isDeadlineBound) return 'ignored'
  return error.code === 'VENDOR_UNAVAILABLE' || error.code === 'VENDOR_TIMEOUT' ? 'failure' : 'success'
}

import { VendorError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBreaker, type Breaker, type CallOutcome } from './breaker.js'

const FAILURES_TO_OPEN = 10
const OPEN_MS = 5000

/**
 * Spares a sick vendor: opens after 10 failures in a row and lets one call through after 5 s to see. Only what says
 * that the vendor is unwell counts: no 4xx, and no caller who went away.
 */
export function createVendorBreaker(vendor: VendorName): Breaker {
  const message = `${vendor} has failed repeatedly and is being left alone for a moment; nothing was sent.`
  return createBreaker({
    failureThreshold: FAILURES_TO_OPEN,
    openMs: OPEN_MS,
    classify,
    createRejection: () =>
      new VendorError(vendor, 'VENDOR_UNAVAILABLE', message, { retryAfterSeconds: OPEN_MS / 1000 }),
  })
}

/** Of a caller who left, or whose time was over, nobody knows what the vendor would have answered. One that refuses is well. */
function classify(error: unknown): CallOutcome {
  if (!(error instanceof VendorError) || error.details.isDeadlineBound) return 'unknown'
  return error.code === 'VENDOR_UNAVAILABLE' || error.code === 'VENDOR_TIMEOUT' ? 'fails' : 'works'
}

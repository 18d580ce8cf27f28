import { VendorError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBreaker, type Breaker, type CallOutcome } from './breaker.js'

const FAILURE_THRESHOLD = 3
const OPEN_MS = 10_000

/**
 * Stops a rejected credential from using up the budget that all callers share: three consecutive 401 responses open the
 * circuit, then one trial request is sent every 10 s. A 403 concerns a job, not the credential, so it counts as success.
 */
export function createCredentialBreaker(vendor: VendorName): Breaker {
  const message = `${vendor} did not accept this credential repeatedly; nothing was sent.`
  return createBreaker({
    failureThreshold: FAILURE_THRESHOLD,
    openMs: OPEN_MS,
    classify,
    createRejection: () =>
      new VendorError(vendor, 'VENDOR_UNAUTHORIZED', message, { retryAfterSeconds: OPEN_MS / 1000 }),
  })
}

/** Only an HTTP response says something about a credential. */
function classify(error: unknown): CallOutcome {
  const { httpStatus } = error instanceof VendorError ? error.details : {}
  if (httpStatus === undefined) return 'ignored'
  return httpStatus === 401 ? 'failure' : 'success'
}

import { VendorError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBreaker, type Breaker, type CallOutcome } from './breaker.js'

const FAILURES_TO_OPEN = 3
const OPEN_MS = 10_000

/**
 * Keeps a credential that a vendor does not accept from using up what everybody may send there: after three answers of
 * 401 in a row everything is refused here, and one request is sent every 10 s to see. A 403 is about a job, not the credential.
 */
export function createCredentialBreaker(vendor: VendorName): Breaker {
  const message = `${vendor} did not accept this credential repeatedly; nothing was sent.`
  return createBreaker({
    failureThreshold: FAILURES_TO_OPEN,
    openMs: OPEN_MS,
    classify,
    createRejection: () =>
      new VendorError(vendor, 'VENDOR_UNAUTHORIZED', message, { retryAfterSeconds: OPEN_MS / 1000 }),
  })
}

/** Only what the vendor answered says something of a credential. */
function classify(error: unknown): CallOutcome {
  const { httpStatus } = error instanceof VendorError ? error.details : {}
  if (httpStatus === undefined) return 'unknown'
  return httpStatus === 401 ? 'fails' : 'works'
}

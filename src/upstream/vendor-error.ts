import { VendorError, type VendorErrorCode, type VendorErrorDetails } from '../job/errors.js'
import type { Secret } from '../job/secret.js'
import type { VendorName } from '../job/vendor-name.js'
import type { JsonResponse } from './json-request.js'
import { maskSecrets } from './mask-secrets.js'
import { retryAfterSeconds } from './retry-after.js'

/** What a vendor's error body has to say; each vendor reads its own. */
export interface VendorErrorBody {
  readonly message: string | null
  readonly incidentId: string | null
}

const MAX_MESSAGE_LENGTH = 300

/** The error that an answer outside 2xx stands for: the one place where HTTP statuses become ours. */
export function toVendorError(
  vendor: VendorName,
  answer: JsonResponse,
  complaint: VendorErrorBody,
  secrets: readonly Secret[],
): VendorError {
  const { status } = answer
  const details: VendorErrorDetails = {
    httpStatus: status,
    vendorMessage: sanitizeMessage(complaint.message, secrets),
    incidentId: sanitizeMessage(complaint.incidentId, secrets),
    retryAfterSeconds:
      status === 429 || status === 503 ? retryAfterSeconds(answer.headers['retry-after'], vendorClock(answer)) : null,
    // A gateway on the way may have passed the request on before it failed, and a redirect says nothing of the job.
    mayHaveArrived: status < 400 || status >= 500,
    isRetryable: status === 429 || (status >= 500 && status !== 501),
  }
  const [code, message] = codeAndMessageOf(status)
  return new VendorError(vendor, code, `${vendor} ${message} (HTTP ${status}).`, details)
}

/** A date is meant by the vendor's clock, which may be wrong; without one that it shows, ours will have to do. */
function vendorClock({ headers: { date } }: JsonResponse): number {
  const time = typeof date === 'string' ? Date.parse(date) : NaN
  return Number.isNaN(time) ? Date.now() : time
}

function codeAndMessageOf(status: number): [VendorErrorCode, string] {
  if (status >= 500) return ['VENDOR_UNAVAILABLE', 'failed']
  if (status === 429) return ['VENDOR_RATE_LIMITED', 'has had too many requests']
  if (status === 401 || status === 403) return ['VENDOR_UNAUTHORIZED', 'did not accept the credential']
  if (status >= 400) return ['VENDOR_REJECTED', 'refused the request']
  return ['VENDOR_BAD_RESPONSE', 'answered elsewhere than here']
}

/** One short line without credentials; a vendor may echo what it was sent, or append a stack. */
function sanitizeMessage(text: string | null, secrets: readonly Secret[]): string | null {
  const line = text?.trim().split(/[\r\n]/, 1)[0]
  if (!line) return null
  const clean = maskSecrets(line, secrets)
  return clean.length > MAX_MESSAGE_LENGTH ? `${clean.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : clean
}

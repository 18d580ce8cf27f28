import { VendorError, type VendorErrorCode, type VendorErrorDetails } from '../job/errors.js'
import type { Secret } from '../job/secret.js'
import type { VendorName } from '../job/vendor-name.js'
import type { JsonResponse } from './json-request.js'
import { maskSecrets } from './mask-secrets.js'
import { retryAfterSeconds } from './retry-after.js'

/** The fields of a vendor's error body that the gateway uses. */
export interface VendorErrorBody {
  readonly message: string | null
  readonly incidentId: string | null
}

const MAX_MESSAGE_LENGTH = 300

/** Translates a response outside 2xx: the only place that maps HTTP statuses to error codes. */
export function toVendorError(
  vendor: VendorName,
  response: JsonResponse,
  errorBody: VendorErrorBody,
  secrets: readonly Secret[],
): VendorError {
  const { status } = response
  const details: VendorErrorDetails = {
    httpStatus: status,
    vendorMessage: sanitizeMessage(errorBody.message, secrets),
    incidentId: sanitizeMessage(errorBody.incidentId, secrets),
    retryAfterSeconds:
      status === 429 || status === 503
        ? retryAfterSeconds(response.headers['retry-after'], vendorClock(response))
        : null,
    // A proxy may have forwarded the request before it failed, and a redirect says nothing about the job.
    mayHaveArrived: status < 400 || status >= 500,
    isRetryable: status === 429 || (status >= 500 && status !== 501),
  }
  const [code, message] = codeAndMessageOf(status)
  return new VendorError(vendor, code, `${vendor} ${message} (HTTP ${status}).`, details)
}

/** The vendor's clock, to which its Retry-After dates are relative; this machine's clock when there is no `date` header. */
function vendorClock({ headers: { date } }: JsonResponse): number {
  const time = typeof date === 'string' ? Date.parse(date) : NaN
  return Number.isNaN(time) ? Date.now() : time
}

function codeAndMessageOf(status: number): [VendorErrorCode, string] {
  if (status >= 500) return ['VENDOR_UNAVAILABLE', 'failed']
  if (status === 429) return ['VENDOR_RATE_LIMITED', 'has had too many requests']
  if (status === 401 || status === 403) return ['VENDOR_UNAUTHORIZED', 'did not accept the credential']
  if (status >= 400) return ['VENDOR_REJECTED', 'rejected the request']
  return ['VENDOR_BAD_RESPONSE', 'redirected the request, which the gateway does not follow']
}

/** The first line, shortened and without credentials: vendors echo requests and append stack traces. */
function sanitizeMessage(text: string | null, secrets: readonly Secret[]): string | null {
  const line = text?.trim().split(/[\r\n]/, 1)[0]
  if (!line) return null
  const clean = maskSecrets(line, secrets)
  return clean.length > MAX_MESSAGE_LENGTH ? `${clean.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : clean
}

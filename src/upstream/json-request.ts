import { errors, type Pool } from 'undici'
import { VendorError } from '../job/errors.js'
import { parseJson } from '../job/json-text.js'
import type { VendorName } from '../job/vendor-name.js'
import { exceedsJsonLimits } from './json-limits.js'

export type HttpMethod = 'GET' | 'POST' | 'PUT'

export interface JsonRequest {
  readonly method: HttpMethod
  /** Path and query, already encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** For the whole exchange, from connecting to the end of the body, in ms. */
  readonly timeoutMs: number
  /** Whether the caller's deadline made `timeoutMs` shorter than usual. */
  readonly isDeadlineBound?: boolean
  readonly signal?: AbortSignal | undefined
}

export interface JsonResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The parsed body; undefined when it is empty or not JSON. */
  readonly body: unknown
  /** The unparsed body. */
  readonly text: string
}

/**
 * Sends one HTTP request and returns its response, whatever the status. Does not follow redirects: that would send the
 * credential to another host.
 * @throws {VendorError} VENDOR_TIMEOUT, VENDOR_UNAVAILABLE or VENDOR_BAD_RESPONSE when no complete response arrived
 * @throws the signal's reason when the caller disconnects
 */
export async function requestJson(pool: Pool, vendor: VendorName, request: JsonRequest): Promise<JsonResponse> {
  const { method, path, headers, timeoutMs, isDeadlineBound = false, signal } = request
  // undici's own timeouts do not fire below a second.
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await pool.request({
      method,
      path,
      headers,
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    })
    const text = await response.body.text()
    if (exceedsJsonLimits(text)) throw new errors.ResponseExceededMaxSizeError()
    return { status: response.statusCode, headers: response.headers, body: parseJson(text), text }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (timeout.aborted)
      throw new VendorError(vendor, 'VENDOR_TIMEOUT', `${vendor} did not answer within ${timeoutMs} ms.`, {
        mayHaveArrived: true,
        isRetryable: true,
        isDeadlineBound,
      })
    throw toTransportError(vendor, error)
  }
}

/** Error codes that prove that no byte of the request reached the vendor. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  // The gateway has stopped. It closes pools, never destroys them, and only when no request is in flight.
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_NOT_SUPPORTED',
])

function toTransportError(vendor: VendorName, error: unknown): VendorError {
  if (error instanceof errors.ResponseExceededMaxSizeError || error instanceof errors.HeadersOverflowError) {
    return new VendorError(
      vendor,
      'VENDOR_BAD_RESPONSE',
      `${vendor} sent a response that is larger than the gateway accepts.`,
      {
        mayHaveArrived: true,
      },
    )
  }
  if (error instanceof errors.HTTPParserError || error instanceof errors.ResponseContentLengthMismatchError) {
    return new VendorError(vendor, 'VENDOR_BAD_RESPONSE', `${vendor} sent a response that is not valid HTTP.`, {
      mayHaveArrived: true,
    })
  }
  if (NEVER_SENT.has(codeOf(error))) {
    return new VendorError(vendor, 'VENDOR_UNAVAILABLE', `${vendor} cannot be reached; nothing was sent.`, {
      isRetryable: true,
    })
  }
  return new VendorError(vendor, 'VENDOR_UNAVAILABLE', `The connection to ${vendor} was lost.`, {
    mayHaveArrived: true,
    isRetryable: true,
  })
}

/** A host with several addresses fails with an AggregateError, which carries the code too. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

import { Pool } from 'undici'
import { VendorError, type VendorErrorDetails } from '../job/errors.js'
import type { Secret } from '../job/secret.js'
import type { VendorName } from '../job/vendor-name.js'
import { toVendorError, type VendorErrorBody } from './vendor-error.js'
import type { CallContext } from './call-context.js'
import { requestJson, type HttpMethod, type JsonResponse } from './json-request.js'
import { buildPath, type QueryValue } from './build-path.js'

export interface UpstreamCall {
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, QueryValue>>
}

/** Authenticates the gateway to a vendor. */
export interface UpstreamCredential {
  /** Sent with every call, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Values that no error message may contain. */
  readonly secrets: readonly Secret[]
}

export interface HttpTransportOptions {
  readonly vendor: VendorName
  /** May contain a path; all calls go below it. */
  readonly baseUrl: URL
  /** Of one attempt, in ms. */
  readonly timeoutMs: number
  /** Parses the vendor's error format. */
  readonly parseErrorBody: (body: unknown) => VendorErrorBody
}

/** Sends requests over one vendor's connection pools. */
export interface HttpTransport {
  /**
   * Sends a request once, without retries.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_TIMEOUT, with nothing sent, after the deadline
   */
  send(
    call: UpstreamCall,
    method: HttpMethod,
    context: CallContext,
    credential: UpstreamCredential,
  ): Promise<JsonResponse>
  close(): Promise<void>
}

/** A page of a hundred large runs is a few megabytes; a response ten times as large is a fault. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
/** For reads; further reads wait for a free connection. */
const MAX_CONNECTIONS = 64
/** A write may use this share of the remaining time; the rest is for reading its outcome. */
const WRITE_DEADLINE_SHARE = 0.7

export function createHttpTransport({
  vendor,
  baseUrl,
  timeoutMs,
  parseErrorBody,
}: HttpTransportOptions): HttpTransport {
  const limits = { maxResponseSize: MAX_RESPONSE_BYTES, connectTimeout: timeoutMs }
  const reads = new Pool(baseUrl.origin, { ...limits, connections: MAX_CONNECTIONS })
  // Writes use a second pool without a connection limit: a cancel must not wait behind hanging reads.
  const writes = new Pool(baseUrl.origin, limits)
  return {
    async send(call, method, context, { headers, secrets }) {
      const path = buildPath(baseUrl, call.path, call.query)
      const remainingMs = (context.deadline - performance.now()) * (method === 'GET' ? 1 : WRITE_DEADLINE_SHARE)
      if (remainingMs <= 0) throw deadlineExceeded(vendor)
      context.meter.add(vendor, { calls: 1 })
      const response = await requestJson(method === 'GET' ? reads : writes, vendor, {
        method,
        path,
        headers,
        timeoutMs: Math.min(timeoutMs, Math.ceil(remainingMs)),
        isDeadlineBound: remainingMs < timeoutMs / 2,
        signal: context.signal,
      })
      if (response.status < 200 || response.status > 299)
        throw toVendorError(vendor, response, errorBodyOf(response, parseErrorBody), secrets)
      if (response.body !== undefined) return response
      const isEmpty = response.text.trim() === ''
      const problem = isEmpty
        ? 'is empty'
        : isCompressed(response)
          ? 'is compressed, which the gateway did not request'
          : 'is not JSON'
      throw badResponse(vendor, problem, { wasAccepted: isEmpty, httpStatus: response.status })
    },
    async close() {
      await Promise.all([reads.close(), writes.close()])
    },
  }
}

/** A plain-text body is the vendor's message. An HTML page comes from a proxy and is dropped. */
function errorBodyOf(response: JsonResponse, parse: HttpTransportOptions['parseErrorBody']): VendorErrorBody {
  const { headers, body, text } = response
  const isPlain = body === undefined && String(headers['content-type']).startsWith('text/plain')
  return isPlain && !isCompressed(response) ? { message: text, incidentId: null } : parse(body)
}

/** Compressed bodies are never unpacked, because the unpacked size has no limit. */
function isCompressed({ headers }: JsonResponse): boolean {
  return headers['content-encoding'] !== undefined
}

function deadlineExceeded(vendor: VendorName): VendorError {
  const message = `The deadline of this operation passed before the request to ${vendor} could be sent; nothing was sent.`
  return new VendorError(vendor, 'VENDOR_TIMEOUT', message, { isDeadlineBound: true })
}

/** The error for a 2xx with an unusable body: `problem` completes "The response of CORTEX …". */
export function badResponse(vendor: VendorName, problem: string, details: VendorErrorDetails = {}): VendorError {
  return new VendorError(vendor, 'VENDOR_BAD_RESPONSE', `The response of ${vendor} ${problem}.`, {
    mayHaveArrived: true,
    ...details,
  })
}

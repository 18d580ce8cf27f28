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

/** What shows a vendor who asks. */
export interface UpstreamCredential {
  /** Sent with every call, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** What must never show in a message. */
  readonly secrets: readonly Secret[]
}

export interface HttpTransportOptions {
  readonly vendor: VendorName
  /** May have a path of its own; calls go below it. */
  readonly baseUrl: URL
  /** For one attempt, in ms. */
  readonly timeoutMs: number
  /** Reads the vendor's own error body. */
  readonly parseErrorBody: (body: unknown) => VendorErrorBody
}

/** One vendor's connections. */
export interface HttpTransport {
  /**
   * Sends a request, once, whatever it is.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_TIMEOUT unsent when the caller's time is over
   */
  send(
    call: UpstreamCall,
    method: HttpMethod,
    caller: CallContext,
    credential: UpstreamCredential,
  ): Promise<JsonResponse>
  close(): Promise<void>
}

/** A page of a hundred heavy runs is a few megabytes; ten times that is a fault. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
/** For reads; more of them wait their turn. */
const MAX_CONNECTIONS = 64
/** Of a caller's time: what is left is for finding out what came of it. */
const WRITE_DEADLINE_SHARE = 0.7

export function createHttpTransport({
  vendor,
  baseUrl,
  timeoutMs,
  parseErrorBody,
}: HttpTransportOptions): HttpTransport {
  const limits = { maxResponseSize: MAX_RESPONSE_BYTES, connectTimeout: timeoutMs }
  const reads = new Pool(baseUrl.origin, { ...limits, connections: MAX_CONNECTIONS })
  // Writes have connections of their own, without a limit: a cancel must not wait behind reads that hang.
  const writes = new Pool(baseUrl.origin, limits)
  return {
    async send(call, method, caller, { headers, secrets }) {
      const path = buildPath(baseUrl, call.path, call.query)
      const leftMs = (caller.deadline - performance.now()) * (method === 'GET' ? 1 : WRITE_DEADLINE_SHARE)
      if (leftMs <= 0) throw deadlineExceeded(vendor)
      caller.meter.add(vendor, { calls: 1 })
      const answer = await requestJson(method === 'GET' ? reads : writes, vendor, {
        method,
        path,
        headers,
        timeoutMs: Math.min(timeoutMs, Math.ceil(leftMs)),
        isDeadlineBound: leftMs < timeoutMs / 2,
        signal: caller.signal,
      })
      if (answer.status < 200 || answer.status > 299)
        throw toVendorError(vendor, answer, errorBodyOf(answer, parseErrorBody), secrets)
      if (answer.body !== undefined) return answer
      const isEmpty = answer.text.trim() === ''
      const what = isEmpty
        ? 'is empty'
        : isCompressed(answer)
          ? 'is compressed, which was not asked for'
          : 'is not JSON'
      throw badResponse(vendor, what, { wasAccepted: isEmpty, httpStatus: answer.status })
    },
    async close() {
      await Promise.all([reads.close(), writes.close()])
    },
  }
}

/** Some refusals are plain text; a page of HTML is some proxy's, and says nothing to anybody. */
function errorBodyOf(answer: JsonResponse, read: HttpTransportOptions['parseErrorBody']): VendorErrorBody {
  const { headers, body, text } = answer
  const isPlain = body === undefined && String(headers['content-type']).startsWith('text/plain')
  return isPlain && !isCompressed(answer) ? { message: text, incidentId: null } : read(body)
}

/** Whether the body would have to be unpacked. It is not: what a small one unpacks to has no limit. */
function isCompressed({ headers }: JsonResponse): boolean {
  return headers['content-encoding'] !== undefined
}

function deadlineExceeded(vendor: VendorName): VendorError {
  const message = `The time for this operation was over before ${vendor} could be asked; nothing was sent.`
  return new VendorError(vendor, 'VENDOR_TIMEOUT', message, { isDeadlineBound: true })
}

/** The error for a 2xx that cannot be understood: `what` completes "The answer …". */
export function badResponse(vendor: VendorName, what: string, details: VendorErrorDetails = {}): VendorError {
  return new VendorError(vendor, 'VENDOR_BAD_RESPONSE', `The answer of ${vendor} ${what}.`, {
    mayHaveArrived: true,
    ...details,
  })
}

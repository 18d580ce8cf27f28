import { Pool } from 'undici'
import { VendorError, type VendorErrorDetails } from '../job/errors.js'
import type { CircuitState } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'
import { toVendorError, type VendorComplaint } from './answer.js'
import { createBreaker } from './breaker.js'
import { requestJson, type HttpMethod, type JsonAnswer } from './json-request.js'
import { buildPath, type QueryValue } from './url.js'

export interface UpstreamOptions {
  readonly vendor: VendorName
  /** May have a path of its own; calls go below it. */
  readonly baseUrl: URL
  /** Sent with every call; the credential is among them, behind all others. */
  readonly headers: Readonly<Record<string, string>>
  /** What must never show in a message. */
  readonly secrets: readonly string[]
  /** For one call, in ms. */
  readonly timeoutMs: number
  /** Reads the vendor's own error body. */
  readonly complaintOf: (body: unknown) => VendorComplaint
}

export interface UpstreamCall {
  readonly method: HttpMethod
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, QueryValue>>
  /** Aborts the call when its caller has gone. */
  readonly signal?: AbortSignal
}

/** One vendor's origin: a connection pool with the policy that every call goes through. */
export interface Upstream {
  /**
   * A read. Not sent while the circuit is open.
   * @throws {VendorError} for everything but a 2xx with JSON
   */
  read(call: Omit<UpstreamCall, 'method'>): Promise<JsonAnswer>
  /**
   * A request that changes something: sent once, whatever the circuit says, because stopping a runaway job matters
   * most when the vendor is unwell; and never aborted by a caller who leaves.
   * @throws {VendorError} for everything but a 2xx with JSON
   */
  write(call: Omit<UpstreamCall, 'signal'>): Promise<JsonAnswer>
  circuit(): CircuitState
  close(): Promise<void>
}

/** A page of a hundred heavy runs is a few megabytes; ten times that is a fault. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
/** For reads; more of them wait their turn. */
const MAX_CONNECTIONS = 64

export function createUpstream(options: UpstreamOptions): Upstream {
  const { vendor, baseUrl, timeoutMs } = options
  const headers = inLowerCase(options.headers)
  const limits = { maxResponseSize: MAX_RESPONSE_BYTES, connectTimeout: timeoutMs }
  const reads = new Pool(baseUrl.origin, { ...limits, connections: MAX_CONNECTIONS })
  // Writes have connections of their own, without a limit: a cancel must not wait behind reads that hang.
  const writes = new Pool(baseUrl.origin, limits)
  const breaker = createBreaker(vendor)

  async function send(call: UpstreamCall): Promise<JsonAnswer> {
    const { method, signal } = call
    const path = buildPath(baseUrl, call.path, call.query)
    const pool = method === 'GET' ? reads : writes
    const answer = await requestJson(pool, vendor, { method, path, headers, timeoutMs, signal })
    if (answer.status < 200 || answer.status > 299) {
      throw toVendorError(vendor, answer, complaintIn(answer), options.secrets)
    }
    if (answer.body !== undefined) return answer
    const isEmpty = answer.text.trim() === ''
    throw badResponse(vendor, isEmpty ? 'is empty' : 'is not JSON', { wasAccepted: isEmpty })
  }

  /** Some refusals are plain text; a page of HTML is some proxy's, and says nothing to anybody. */
  function complaintIn({ headers, body, text }: JsonAnswer): VendorComplaint {
    const isPlain = body === undefined && String(headers['content-type']).startsWith('text/plain')
    return isPlain ? { message: text, incidentId: null } : options.complaintOf(body)
  }

  return {
    read: (call) => breaker.run(() => send({ ...call, method: 'GET' })),
    write: send,
    circuit: () => breaker.state(),
    async close() {
      await Promise.all([reads.close(), writes.close()])
    },
  }
}

/** Names differ in case but not in meaning: the last one of a name is the one that is sent. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** The error for a 2xx that cannot be understood: `what` completes "The answer …". */
export function badResponse(vendor: VendorName, what: string, details: VendorErrorDetails = {}): VendorError {
  return new VendorError(vendor, 'VENDOR_BAD_RESPONSE', `The answer of ${vendor} ${what}.`, {
    mayHaveArrived: true,
    ...details,
  })
}

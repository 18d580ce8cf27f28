import { Pool } from 'undici'
import { VendorError, type VendorErrorDetails } from '../job/errors.js'
import type { CircuitState, VendorBudget } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'
import { toVendorError, type VendorComplaint } from './answer.js'
import { createBudget } from './budget/budget.js'
import type { Limiter } from './budget/limiter.js'
import type { Caller } from './caller.js'
import { requestJson, type HttpMethod, type JsonAnswer } from './json-request.js'
import { createPolicy } from './policy.js'
import { buildPath, type QueryValue } from './url.js'

export interface UpstreamOptions {
  readonly vendor: VendorName
  /** May have a path of its own; calls go below it. */
  readonly baseUrl: URL
  /** Sent with every call; the credential is among them, behind all others. */
  readonly headers: Readonly<Record<string, string>>
  /** What must never show in a message. */
  readonly secrets: readonly string[]
  /** For one attempt, in ms. */
  readonly timeoutMs: number
  /** How often a read is tried again that failed in a way which may pass. Default 2. */
  readonly maxRetries?: number | undefined
  /** Counts what is sent. */
  readonly limiter: Limiter
  /** Reads the vendor's own error body. */
  readonly complaintOf: (body: unknown) => VendorComplaint
}

export interface UpstreamCall {
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, QueryValue>>
}

export interface WriteCall extends UpstreamCall {
  readonly method: Exclude<HttpMethod, 'GET'>
}

/** A vendor as one caller reaches it. */
export interface Line {
  /**
   * A read. Waits its turn, and is tried again when that may help; not sent while the circuit is open, when the caller
   * has gone, or when the caller's time is over.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED unsent when its turn comes too late
   */
  read(call: UpstreamCall): Promise<JsonAnswer>
  /**
   * A request that changes something: sent once, before all reads that wait, whatever the circuit says, because
   * stopping a runaway job matters most when the vendor is unwell; and never aborted by a caller who leaves.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED unsent when its turn comes too late
   */
  write(call: WriteCall): Promise<JsonAnswer>
}

/** Gives a line for a caller, with one read that is paid for. To be called once. */
export type PaidLine = (caller: Caller) => Line

/** One vendor's origin: a connection pool with the policy that every call goes through. */
export interface Upstream {
  as(caller: Caller): Line
  /**
   * Waits for the caller's turn: so what is to be read, and for whom, can be decided when it can be sent, and not before.
   * @throws {VendorError} as a read does
   */
  turn(caller: Caller): Promise<PaidLine>
  circuit(): CircuitState
  budget(): Promise<VendorBudget | null>
  close(): Promise<void>
}

/** A page of a hundred heavy runs is a few megabytes; ten times that is a fault. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
/** For reads; more of them wait their turn. */
const MAX_CONNECTIONS = 64

/** Of a caller's time: what is left is for finding out what came of it. */
const SHARE_OF_A_WRITE = 0.7

export function createUpstream(options: UpstreamOptions): Upstream {
  const { vendor, baseUrl, timeoutMs } = options
  const headers = inLowerCase(options.headers)
  const limits = { maxResponseSize: MAX_RESPONSE_BYTES, connectTimeout: timeoutMs }
  const reads = new Pool(baseUrl.origin, { ...limits, connections: MAX_CONNECTIONS })
  // Writes have connections of their own, without a limit: a cancel must not wait behind reads that hang.
  const writes = new Pool(baseUrl.origin, limits)
  const policy = createPolicy(options)
  const budget = createBudget({ vendor, limiter: options.limiter })

  async function pay(caller: Caller): Promise<void> {
    const start = performance.now()
    await budget.turn(caller)
    caller.meter.add(vendor, { queuedMs: Math.round(performance.now() - start) })
  }

  async function send(call: UpstreamCall, method: HttpMethod, caller: Caller): Promise<JsonAnswer> {
    const path = buildPath(baseUrl, call.path, call.query)
    const leftMs = (caller.deadline - performance.now()) * (method === 'GET' ? 1 : SHARE_OF_A_WRITE)
    if (leftMs <= 0) throw tooLate(vendor)
    const pool = method === 'GET' ? reads : writes
    caller.meter.add(vendor, { calls: 1 })
    const answer = await requestJson(pool, vendor, {
      method,
      path,
      headers,
      timeoutMs: Math.min(timeoutMs, Math.ceil(leftMs)),
      isCutShort: leftMs < timeoutMs / 2,
      signal: caller.signal,
    })
    if (answer.status < 200 || answer.status > 299) {
      const error = toVendorError(vendor, answer, complaintIn(answer), options.secrets)
      if (answer.status === 429) budget.pause(error.details.retryAfterSeconds ?? null)
      throw error
    }
    if (answer.body !== undefined) return answer
    const isEmpty = answer.text.trim() === ''
    const what = isEmpty ? 'is empty' : isPacked(answer) ? 'is compressed, which was not asked for' : 'is not JSON'
    throw badResponse(vendor, what, { wasAccepted: isEmpty })
  }

  /** Some refusals are plain text; a page of HTML is some proxy's, and says nothing to anybody. */
  function complaintIn(answer: JsonAnswer): VendorComplaint {
    const { headers, body, text } = answer
    const isPlain = body === undefined && String(headers['content-type']).startsWith('text/plain')
    return isPlain && !isPacked(answer) ? { message: text, incidentId: null } : options.complaintOf(body)
  }

  function lineFor(caller: Caller, paidReads: number): Line {
    let paid = paidReads
    return {
      read(call) {
        const isPaid = paid-- > 0
        const takeTurn = async (isFirst: boolean) => {
          if (isFirst && isPaid) return
          policy.check()
          await pay(caller)
        }
        return policy.read(caller, takeTurn, () => send(call, 'GET', caller))
      },
      async write(call) {
        const writer: Caller = { ...caller, priority: 'cancel', signal: undefined }
        await pay(writer)
        return send(call, call.method, writer)
      },
    }
  }

  return {
    as: (caller) => lineFor(caller, 0),
    async turn(caller) {
      policy.check()
      await pay(caller)
      return (whom) => lineFor(whom, 1)
    },
    circuit: policy.circuit,
    budget: () => budget.state(),
    async close() {
      await Promise.all([reads.close(), writes.close()])
    },
  }
}

/** Whether the body would have to be unpacked. It is not: what a small one unpacks to has no limit. */
function isPacked({ headers }: JsonAnswer): boolean {
  return headers['content-encoding'] !== undefined
}

/** Names differ in case but not in meaning: the last one of a name is the one that is sent. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function tooLate(vendor: VendorName): VendorError {
  const message = `The time for this operation was over before ${vendor} could be asked; nothing was sent.`
  return new VendorError(vendor, 'VENDOR_TIMEOUT', message, { wasCutShort: true })
}

/** The error for a 2xx that cannot be understood: `what` completes "The answer …". */
export function badResponse(vendor: VendorName, what: string, details: VendorErrorDetails = {}): VendorError {
  return new VendorError(vendor, 'VENDOR_BAD_RESPONSE', `The answer of ${vendor} ${what}.`, {
    mayHaveArrived: true,
    ...details,
  })
}

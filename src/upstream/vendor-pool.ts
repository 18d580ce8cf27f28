import { VendorError } from '../job/errors.js'
import type { CircuitState, VendorBudget } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import { createBudget } from './budget/budget.js'
import type { Limiter } from './budget/limiter.js'
import type { CallContext } from './call-context.js'
import { createCredentialBreaker } from './credential-breaker.js'
import {
  createHttpTransport,
  type HttpTransportOptions,
  type UpstreamCall,
  type UpstreamCredential,
} from './http-transport.js'
import type { HttpMethod } from './json-request.js'
import { createPolicy } from './policy.js'
import { createUpstream, type Upstream } from './upstream.js'

export interface VendorPoolOptions extends HttpTransportOptions {
  /** How often a read is tried again that failed in a way which may pass. Default 2. */
  readonly maxRetries?: number | undefined
  /** Counts what is sent. */
  readonly limiter: Limiter
}

/** One vendor's host, whoever asks it: the connections to it, and the policy and the budget that every call goes through. */
export interface VendorPool {
  /**
   * The host as it is asked with one credential.
   * @param headers sent with every call; the credential is among them, behind all others
   */
  withCredential(headers: Readonly<Record<string, string>>, credential: VendorCredential): Upstream
  circuit(): CircuitState
  budget(): Promise<VendorBudget | null>
  close(): Promise<void>
}

export function createVendorPool(options: VendorPoolOptions): VendorPool {
  const { vendor } = options
  const exchange = createHttpTransport(options)
  const policy = createPolicy(options)
  const budget = createBudget({ vendor, limiter: options.limiter })

  async function pay(caller: CallContext): Promise<void> {
    const start = performance.now()
    await budget.acquirePermit(caller)
    caller.meter.add(vendor, { queuedMs: Math.round(performance.now() - start) })
  }

  function sendWith(credential: UpstreamCredential) {
    return async (call: UpstreamCall, method: HttpMethod, caller: CallContext) => {
      try {
        return await exchange.send(call, method, caller, credential)
      } catch (error) {
        const { httpStatus, retryAfterSeconds = null } = error instanceof VendorError ? error.details : {}
        if (httpStatus === 429) budget.pause(retryAfterSeconds)
        throw error
      }
    }
  }

  return {
    withCredential(headers, { apiKey, headers: secrets, isCallers }) {
      const send = sendWith({ headers: lowerCaseNames(headers), secrets: [apiKey, ...Object.values(secrets)] })
      return createUpstream({
        policy,
        acquirePermit: pay,
        send,
        ...(isCallers && { credentialBreaker: createCredentialBreaker(vendor) }),
      })
    },
    circuit: policy.circuit,
    budget: () => budget.state(),
    close: exchange.close,
  }
}

/** Names differ in case but not in meaning: the last one of a name is the one that is sent. */
function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

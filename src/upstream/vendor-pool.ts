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
  /** How often a read is retried after a transient failure. Default 2. */
  readonly maxRetries?: number | undefined
  /** Enforces the vendor's rate limit. */
  readonly limiter: Limiter
}

/** What all callers of one vendor share: connections, resilience policy and request budget. */
export interface VendorPool {
  /**
   * The vendor as reached with one credential.
   * @param headers sent with every call; they include the credential, which comes last
   */
  withCredential(headers: Readonly<Record<string, string>>, credential: VendorCredential): Upstream
  circuit(): CircuitState
  budget(): Promise<VendorBudget | null>
  close(): Promise<void>
}

export function createVendorPool(options: VendorPoolOptions): VendorPool {
  const { vendor } = options
  const transport = createHttpTransport(options)
  const policy = createPolicy(options)
  const budget = createBudget({ vendor, limiter: options.limiter })

  async function acquirePermit(context: CallContext): Promise<void> {
    const start = performance.now()
    await budget.acquirePermit(context)
    context.meter.add(vendor, { queuedMs: Math.round(performance.now() - start) })
  }

  function createSend(credential: UpstreamCredential) {
    return async (call: UpstreamCall, method: HttpMethod, context: CallContext) => {
      try {
        return await transport.send(call, method, context, credential)
      } catch (error) {
        const { httpStatus, retryAfterSeconds = null } = error instanceof VendorError ? error.details : {}
        if (httpStatus === 429) budget.pause(retryAfterSeconds)
        throw error
      }
    }
  }

  return {
    withCredential(headers, { apiKey, headers: secrets, isCallers }) {
      const send = createSend({ headers: lowerCaseNames(headers), secrets: [apiKey, ...Object.values(secrets)] })
      return createUpstream({
        policy,
        acquirePermit,
        send,
        ...(isCallers && { credentialBreaker: createCredentialBreaker(vendor) }),
      })
    },
    circuit: policy.circuit,
    budget: () => budget.state(),
    close: transport.close,
  }
}

/** Header names are case-insensitive: of equal names, the last one is sent. */
function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

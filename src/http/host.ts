import { VendorError } from '../job/errors.js'
import type { CircuitState, VendorBudget } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import { createBudget } from './budget/budget.js'
import type { Limiter } from './budget/limiter.js'
import type { Caller } from './caller.js'
import { createCredentialBreaker } from './credential-breaker.js'
import { openExchange, type ExchangeOptions, type UpstreamCall, type UpstreamCredential } from './exchange.js'
import type { HttpMethod } from './json-request.js'
import { createPolicy } from './policy.js'
import { createUpstream, type Upstream } from './upstream.js'

export interface HostOptions extends ExchangeOptions {
  /** How often a read is tried again that failed in a way which may pass. Default 2. */
  readonly maxRetries?: number | undefined
  /** Counts what is sent. */
  readonly limiter: Limiter
}

/** One vendor's host, whoever asks it: the connections to it, and the policy and the budget that every call goes through. */
export interface Host {
  /**
   * The host as it is asked with one credential.
   * @param headers sent with every call; the credential is among them, behind all others
   */
  as(headers: Readonly<Record<string, string>>, credential: VendorCredential): Upstream
  circuit(): CircuitState
  budget(): Promise<VendorBudget | null>
  close(): Promise<void>
}

export function createHost(options: HostOptions): Host {
  const { vendor } = options
  const exchange = openExchange(options)
  const policy = createPolicy(options)
  const budget = createBudget({ vendor, limiter: options.limiter })

  async function pay(caller: Caller): Promise<void> {
    const start = performance.now()
    await budget.turn(caller)
    caller.meter.add(vendor, { queuedMs: Math.round(performance.now() - start) })
  }

  function sendWith(credential: UpstreamCredential) {
    return async (call: UpstreamCall, method: HttpMethod, caller: Caller) => {
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
    as(headers, { apiKey, headers: secrets, isCallers }) {
      const send = sendWith({ headers: inLowerCase(headers), secrets: [apiKey, ...Object.values(secrets)] })
      return createUpstream({
        policy,
        pay,
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
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

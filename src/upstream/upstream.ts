import type { Breaker } from './breaker.js'
import type { CallContext } from './call-context.js'
import type { UpstreamCall } from './http-transport.js'
import type { HttpMethod, JsonResponse } from './json-request.js'
import type { Policy } from './policy.js'

export interface WriteCall extends UpstreamCall {
  readonly method: Exclude<HttpMethod, 'GET'>
}

/** Calls a vendor for one caller. */
export interface UpstreamClient {
  /**
   * Sends a GET. Waits for a permit and retries transient failures. Sends nothing while the circuit is open, after the
   * caller disconnected, or after the deadline.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED, with nothing sent, when no permit is
   *   available before the deadline
   */
  read(call: UpstreamCall): Promise<JsonResponse>
  /**
   * Sends a request that changes something: once, with priority over all waiting reads. Ignores the vendor's circuit,
   * because stopping a runaway job matters most when the vendor is failing. Is not aborted when the caller disconnects.
   * @throws {VendorError} as `read` does
   */
  write(call: WriteCall): Promise<JsonResponse>
}

/** The right to send one read. Call it once: it returns a client whose first read does not wait for a permit. */
export type Permit = (context: CallContext) => UpstreamClient

/** A vendor as reached with one credential. */
export interface Upstream {
  client(context: CallContext): UpstreamClient
  /**
   * Waits for a permit, so that the caller can choose what to read, and for whom, at the moment it can be sent.
   * @throws {VendorError} as `read` does
   */
  acquirePermit(context: CallContext): Promise<Permit>
}

export interface UpstreamOptions {
  /** Shared by the reads of all credentials. */
  readonly policy: Policy
  /** Waits for a permit from the vendor's budget. */
  readonly acquirePermit: (context: CallContext) => Promise<void>
  /** Sends one request with the credential. */
  readonly send: (call: UpstreamCall, method: HttpMethod, context: CallContext) => Promise<JsonResponse>
  /** For this credential alone. */
  readonly credentialBreaker?: Breaker
}

export function createUpstream({ policy, acquirePermit, send, credentialBreaker }: UpstreamOptions): Upstream {
  const withCredentialBreaker = <T>(call: () => Promise<T>) => credentialBreaker?.run(call) ?? call()

  async function acquireReadPermit(context: CallContext): Promise<void> {
    credentialBreaker?.check()
    policy.check()
    await acquirePermit(context)
  }

  function createClient(context: CallContext, permits: number): UpstreamClient {
    let remainingPermits = permits
    return {
      read(call) {
        const hasPermit = remainingPermits-- > 0
        const waitForPermit = async (isFirstAttempt: boolean) => {
          if (!isFirstAttempt || !hasPermit) await acquireReadPermit(context)
        }
        const read = () => policy.read(context, waitForPermit, () => send(call, 'GET', context))
        return withCredentialBreaker(read)
      },
      async write(call) {
        const writeContext: CallContext = { ...context, priority: 'cancel', signal: undefined }
        const write = async () => {
          await acquirePermit(writeContext)
          return send(call, call.method, writeContext)
        }
        return withCredentialBreaker(write)
      },
    }
  }

  return {
    client: (context) => createClient(context, 0),
    async acquirePermit(context) {
      await acquireReadPermit(context)
      return (reader) => createClient(reader, 1)
    },
  }
}

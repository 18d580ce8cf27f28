import type { Breaker } from './breaker.js'
import type { CallContext } from './call-context.js'
import type { UpstreamCall } from './http-transport.js'
import type { HttpMethod, JsonResponse } from './json-request.js'
import type { Policy } from './policy.js'

export interface WriteCall extends UpstreamCall {
  readonly method: Exclude<HttpMethod, 'GET'>
}

/** A vendor as one caller reaches it. */
export interface UpstreamClient {
  /**
   * A read. Waits its turn, and is tried again when that may help; not sent while the circuit is open, when the caller
   * has gone, or when the caller's time is over.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED unsent when its turn comes too late
   */
  read(call: UpstreamCall): Promise<JsonResponse>
  /**
   * A request that changes something: sent once, before all reads that wait, whatever the vendor's circuit says, because
   * stopping a runaway job matters most when the vendor is unwell; and never aborted by a caller who leaves.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED unsent when its turn comes too late
   */
  write(call: WriteCall): Promise<JsonResponse>
}

/** Gives a line for a caller, with one read that is paid for. To be called once. */
export type Permit = (caller: CallContext) => UpstreamClient

/** A vendor as it is asked with one credential. */
export interface Upstream {
  client(caller: CallContext): UpstreamClient
  /**
   * Waits for the caller's turn: so what is to be read, and for whom, can be decided when it can be sent, and not before.
   * @throws {VendorError} as a read does
   */
  acquirePermit(caller: CallContext): Promise<Permit>
}

export interface UpstreamOptions {
  /** For every read, with whatever credential. */
  readonly policy: Policy
  /** Waits for the caller's turn. */
  readonly acquirePermit: (caller: CallContext) => Promise<void>
  /** Sends a request with the credential. */
  readonly send: (call: UpstreamCall, method: HttpMethod, caller: CallContext) => Promise<JsonResponse>
  /** For this credential alone. */
  readonly credentialBreaker?: Breaker
}

export function createUpstream({ policy, acquirePermit, send, credentialBreaker }: UpstreamOptions): Upstream {
  const asCredential = <T>(call: () => Promise<T>) => credentialBreaker?.run(call) ?? call()

  async function takeTurn(caller: CallContext): Promise<void> {
    credentialBreaker?.check()
    policy.check()
    await acquirePermit(caller)
  }

  function lineFor(caller: CallContext, paidReads: number): UpstreamClient {
    let paid = paidReads
    return {
      read(call) {
        const isPaid = paid-- > 0
        const attemptTurn = async (isFirst: boolean) => {
          if (!isFirst || !isPaid) await takeTurn(caller)
        }
        const read = () => policy.read(caller, attemptTurn, () => send(call, 'GET', caller))
        return asCredential(read)
      },
      async write(call) {
        const writer: CallContext = { ...caller, priority: 'cancel', signal: undefined }
        const write = async () => {
          await acquirePermit(writer)
          return send(call, call.method, writer)
        }
        return asCredential(write)
      },
    }
  }

  return {
    client: (caller) => lineFor(caller, 0),
    async acquirePermit(caller) {
      await takeTurn(caller)
      return (whom) => lineFor(whom, 1)
    },
  }
}

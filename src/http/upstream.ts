import type { Breaker } from './breaker.js'
import type { Caller } from './caller.js'
import type { UpstreamCall } from './exchange.js'
import type { HttpMethod, JsonAnswer } from './json-request.js'
import type { Policy } from './policy.js'

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
   * A request that changes something: sent once, before all reads that wait, whatever the vendor's circuit says, because
   * stopping a runaway job matters most when the vendor is unwell; and never aborted by a caller who leaves.
   * @throws {VendorError} for everything but a 2xx with JSON; VENDOR_RATE_LIMITED unsent when its turn comes too late
   */
  write(call: WriteCall): Promise<JsonAnswer>
}

/** Gives a line for a caller, with one read that is paid for. To be called once. */
export type PaidLine = (caller: Caller) => Line

/** A vendor as it is asked with one credential. */
export interface Upstream {
  as(caller: Caller): Line
  /**
   * Waits for the caller's turn: so what is to be read, and for whom, can be decided when it can be sent, and not before.
   * @throws {VendorError} as a read does
   */
  turn(caller: Caller): Promise<PaidLine>
}

export interface UpstreamOptions {
  /** For every read, with whatever credential. */
  readonly policy: Policy
  /** Waits for the caller's turn. */
  readonly pay: (caller: Caller) => Promise<void>
  /** Sends a request with the credential. */
  readonly send: (call: UpstreamCall, method: HttpMethod, caller: Caller) => Promise<JsonAnswer>
  /** For this credential alone. */
  readonly credentialBreaker?: Breaker
}

export function createUpstream({ policy, pay, send, credentialBreaker }: UpstreamOptions): Upstream {
  const asCredential = <T>(call: () => Promise<T>) => credentialBreaker?.run(call) ?? call()

  async function takeTurn(caller: Caller): Promise<void> {
    credentialBreaker?.check()
    policy.check()
    await pay(caller)
  }

  function lineFor(caller: Caller, paidReads: number): Line {
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
        const writer: Caller = { ...caller, priority: 'cancel', signal: undefined }
        const write = async () => {
          await pay(writer)
          return send(call, call.method, writer)
        }
        return asCredential(write)
      },
    }
  }

  return {
    as: (caller) => lineFor(caller, 0),
    async turn(caller) {
      await takeTurn(caller)
      return (whom) => lineFor(whom, 1)
    },
  }
}

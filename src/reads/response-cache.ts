import { minStartedAt, mayRetryAsFollower, type CallContext } from '../upstream/call-context.js'
import type { VendorName } from '../job/vendor-name.js'
import type { SharedState } from './shared-state.js'
import { createSingleFlight } from './single-flight.js'

/** Lists, and whatever else is no job by its address, as all requests with one credential read them. */
export interface ResponseCache {
  /**
   * From what was read a moment ago, from what is under way, or read now.
   * @param name says what is read, with everything that its answer depends on
   * @param read is given a caller that stands for all who want it
   */
  read<T>(name: readonly unknown[], caller: CallContext, read: (caller: CallContext) => Promise<T>): Promise<T>
  /** The same for what hardly ever changes, and by nothing that is done here: kept so long, whatever {@link invalidate} says. */
  readWithTtl<T>(
    name: readonly unknown[],
    caller: CallContext,
    read: (caller: CallContext) => Promise<T>,
    keepMs: number,
  ): Promise<T>
  /** The same without what was read a moment ago: for those who want to know how the vendor is now. */
  readUncached<T>(name: readonly unknown[], caller: CallContext, read: (caller: CallContext) => Promise<T>): Promise<T>
  /** Something was changed at the vendor: nothing older is shown any more. */
  invalidate(): void
}

export interface ResponseCacheOptions {
  readonly vendor: VendorName
  readonly sharedState: SharedState
  /** Names the credential. */
  readonly credentialKey: string
}

/** Reads each answer once for everybody who wants it at about the same time. */
export function createResponseCache({
  vendor,
  sharedState: { cache },
  credentialKey,
}: ResponseCacheOptions): ResponseCache {
  const flights = createSingleFlight<unknown>()
  let changes = 0

  const keyOf = (name: readonly unknown[]) => `${credentialKey} ${changes} ${JSON.stringify(name)}`
  const lastingKeyOf = (name: readonly unknown[]) => `${credentialKey} lasting ${JSON.stringify(name)}`

  function join(key: string, caller: CallContext, read: (caller: CallContext) => Promise<unknown>): Promise<unknown> {
    return flights.join({
      key: `${key} ${caller.priority}`,
      signal: caller.signal,
      notBefore: minStartedAt(caller),
      start: (signal) => read({ ...caller, signal }),
      onShared: () => caller.meter.add(vendor, { shared: 1 }),
      isLeaderFailure: (error) => mayRetryAsFollower(error, caller),
    })
  }

  async function readKept<T>(
    key: string,
    caller: CallContext,
    read: (caller: CallContext) => Promise<T>,
    keepMs?: number,
  ) {
    const kept = caller.maxAge === 'new' ? undefined : await cache.getResponse<T>(key)
    if (kept !== undefined) {
      caller.meter.add(vendor, { cached: 1 })
      return kept
    }
    const answer = join(key, caller, async (shared) => {
      const asOf = Date.now()
      const answer = await read(shared)
      cache.putResponse(key, answer, asOf, keepMs)
      return answer
    })
    return (await answer) as T
  }

  return {
    read: (name, caller, read) => readKept(keyOf(name), caller, read),
    readWithTtl: (name, caller, read, keepMs) => readKept(lastingKeyOf(name), caller, read, keepMs),
    readUncached: async <T>(name: readonly unknown[], caller: CallContext, read: (caller: CallContext) => Promise<T>) =>
      (await join(keyOf(name), caller, read)) as T,
    invalidate() {
      changes++
    },
  }
}

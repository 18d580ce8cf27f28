import { minStartedAt, mayRetryAsFollower, type CallContext } from '../upstream/call-context.js'
import type { VendorName } from '../job/vendor-name.js'
import type { SharedState } from './shared-state.js'
import { createSingleFlight } from './single-flight.js'

type Read<T> = (context: CallContext) => Promise<T>

/** Reads of lists, and of everything else that is not a job by its address, shared by all operations with one credential. */
export interface ResponseCache {
  /**
   * Returns a cached response, joins a read in flight, or reads.
   * @param name identifies the response by everything that it depends on
   * @param read receives a context that stands for all waiting callers
   */
  read<T>(name: readonly unknown[], context: CallContext, read: Read<T>): Promise<T>
  /** Like `read`, for data that rarely changes and never by a cancel: cached for `ttlMs`, whatever {@link invalidate} says. */
  readWithTtl<T>(name: readonly unknown[], context: CallContext, read: Read<T>, ttlMs: number): Promise<T>
  /** Like `read`, without the cache: for callers that need the vendor's current state. */
  readUncached<T>(name: readonly unknown[], context: CallContext, read: Read<T>): Promise<T>
  /** Drops all cached responses and reads in flight, because something changed at the vendor. */
  invalidate(): void
}

export interface ResponseCacheOptions {
  readonly vendor: VendorName
  readonly sharedState: SharedState
  /** Identifies the credential. */
  readonly credentialKey: string
}

export function createResponseCache({
  vendor,
  sharedState: { cache },
  credentialKey,
}: ResponseCacheOptions): ResponseCache {
  const flights = createSingleFlight<unknown>()
  /** Part of every key, so that older responses are not found after a change. */
  let generation = 0

  const keyOf = (name: readonly unknown[]) => `${credentialKey} ${generation} ${JSON.stringify(name)}`
  const lastingKeyOf = (name: readonly unknown[]) => `${credentialKey} lasting ${JSON.stringify(name)}`

  function join(key: string, context: CallContext, read: Read<unknown>): Promise<unknown> {
    return flights.join({
      key: `${key} ${context.priority}`,
      signal: context.signal,
      notBefore: minStartedAt(context),
      start: (signal) => read({ ...context, signal }),
      onShared: () => context.meter.add(vendor, { shared: 1 }),
      isLeaderFailure: (error) => mayRetryAsFollower(error, context),
    })
  }

  async function readCached<T>(key: string, context: CallContext, read: Read<T>, ttlMs?: number) {
    const cached = context.maxAge === 'new' ? undefined : await cache.getResponse<T>(key)
    if (cached !== undefined) {
      context.meter.add(vendor, { cached: 1 })
      return cached
    }
    const response = join(key, context, async (sharedContext) => {
      const asOf = Date.now()
      const response = await read(sharedContext)
      cache.putResponse(key, response, asOf, ttlMs)
      return response
    })
    return (await response) as T
  }

  return {
    read: (name, context, read) => readCached(keyOf(name), context, read),
    readWithTtl: (name, context, read, ttlMs) => readCached(lastingKeyOf(name), context, read, ttlMs),
    readUncached: async <T>(name: readonly unknown[], context: CallContext, read: Read<T>) =>
      (await join(keyOf(name), context, read)) as T,
    invalidate() {
      generation++
    },
  }
}

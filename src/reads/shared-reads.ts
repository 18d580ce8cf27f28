import { LRUCache } from 'lru-cache'
import { minStartedAt, mayRetryAsFollower, type CallContext } from '../upstream/call-context.js'
import type { Upstream } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBatcher } from './batcher.js'
import type { ItemSource, ReadRequest } from './item-source.js'
import type { SharedState } from './shared-state.js'
import { createSingleFlight } from './single-flight.js'

/** Reads of one kind of job, shared by all operations with one credential. */
export interface SharedReads<Address, Item extends Job, Detail extends string> {
  readonly source: ItemSource<Address, Item, Detail>
  /**
   * Returns for each request, in the same order, the job, null when the vendor has no such job, or the error. Each
   * comes from the cache, from a read in flight, or from the vendor.
   */
  read(
    requests: readonly ReadRequest<Address, Detail>[],
    context: CallContext,
  ): Promise<readonly (Item | null | Error)[]>
  /**
   * Stores the job as the vendor returned it for a write, and drops everything older.
   * @param isComplete whether it has all fields that a read returns; if not, the TTL of a live job applies
   */
  replace(request: ReadRequest<Address, Detail>, item: Item, isComplete: boolean): void
  /** Drops the job, because it changed at the vendor. */
  invalidate(address: Address): void
}

export interface SharedReadsOptions<Address, Item extends Job, Detail extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly sharedState: SharedState
  /** Identifies the credential. */
  readonly credentialKey: string
  readonly source: ItemSource<Address, Item, Detail>
}

/** Longer than any upstream call takes. */
const INVALIDATION_TTL_MS = 10 * 60 * 1000
const MAX_INVALIDATIONS = 10_000

/** Puts the cache and single flight in front of the batcher. */
export function createSharedReads<Address, Item extends Job, Detail extends string>(
  options: SharedReadsOptions<Address, Item, Detail>,
): SharedReads<Address, Item, Detail> {
  const { vendor, upstream, sharedState, credentialKey, source } = options
  const { cache, batchWindowMs: windowMs } = sharedState
  const flights = createSingleFlight<Item | null>()
  const keyOf = (address: Address) => `${credentialKey} ${source.keyOf(address)}`
  const detailRank = (detail: Detail) => source.detailLevels.indexOf(detail)
  const batcher = createBatcher<Address, Item, Detail>({
    vendor,
    upstream,
    source,
    windowMs,
    onRead(address, read, asOf) {
      if (!isOutdated(address, asOf)) cache.putItem(keyOf(address), read, asOf)
    },
    onExtraItem(address, read, asOf) {
      if (!isOutdated(address, asOf)) cache.putListItem(keyOf(address), read, asOf)
    },
  })

  /** When jobs last changed, in epoch ms: a read that started earlier may return after the change. */
  const invalidations = new LRUCache<string, number>({
    // Bounded by size: `max` would allocate all slots at once, for each credential.
    maxSize: MAX_INVALIDATIONS,
    sizeCalculation: () => 1,
    ttl: INVALIDATION_TTL_MS,
  })
  const isOutdated = (address: Address, asOf: number) => asOf < (invalidations.get(source.keyOf(address)) ?? -Infinity)

  function invalidateReads(address: Address): void {
    invalidations.set(source.keyOf(address), Date.now())
    flights.invalidate(`${source.keyOf(address)} `)
  }

  async function readOne(request: ReadRequest<Address, Detail>, context: CallContext): Promise<Item | null | Error> {
    const rejection = source.rejection?.(request.address)
    if (rejection) return rejection
    try {
      return await flights.join({
        // By priority as well, so that a caller never waits behind a background poll.
        key: `${source.keyOf(request.address)} ${request.detail} ${context.priority}`,
        signal: context.signal,
        notBefore: minStartedAt(context),
        start: (signal) => batcher.read(request, { ...context, signal }),
        onShared: () => context.meter.add(vendor, { shared: 1 }),
        isLeaderFailure: (error) => mayRetryAsFollower(error, context),
      })
    } catch (error) {
      return error as Error
    }
  }

  return {
    source,
    async read(requests, context) {
      const keys = requests.map(({ address }) => keyOf(address))
      const cached = context.maxAge === 'new' ? [] : await cache.getItems<Item, Detail>(keys, context.maxAge)
      return Promise.all(
        requests.map(async (request, index) => {
          const hit = cached[index]?.find(({ detail }) => detailRank(detail) >= detailRank(request.detail))
          if (!hit) return readOne(request, context)
          context.meter.add(vendor, { cached: 1 })
          return hit.item
        }),
      )
    },
    replace({ address, detail }, item, isComplete) {
      invalidateReads(address)
      cache.replaceItem(keyOf(address), { item, detail }, isComplete)
    },
    invalidate(address) {
      invalidateReads(address)
      cache.deleteItem(keyOf(address))
    },
  }
}

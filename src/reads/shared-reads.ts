import { LRUCache } from 'lru-cache'
import { minStartedAt, mayRetryAsFollower, type CallContext } from '../upstream/call-context.js'
import type { Upstream } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBatcher } from './batcher.js'
import type { ItemSource, ReadRequest } from './item-source.js'
import type { SharedState } from './shared-state.js'
import { createSingleFlight } from './single-flight.js'

/** One kind of job as all requests with one credential read it. */
export interface SharedReads<Address, Item extends Job, Reading extends string> {
  readonly source: ItemSource<Address, Item, Reading>
  /**
   * For each, in the same order, the job, null when the vendor knows none, or why it could not be read: from what
   * was read shortly before, from what is under way, or from the vendor.
   */
  read(wanted: readonly ReadRequest<Address, Reading>[], caller: CallContext): Promise<readonly (Item | null | Error)[]>
  /**
   * The vendor just answered this to a change: nothing older is shown any more.
   * @param isWhole whether it has all that a read would have; if not, it is shown for a moment only
   */
  replace(wanted: ReadRequest<Address, Reading>, item: Item, isWhole: boolean): void
  /** The job was changed at the vendor: nothing older is shown any more. */
  invalidate(address: Address): void
}

export interface SharedReadsOptions<Address, Item extends Job, Reading extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly sharedState: SharedState
  /** Names the credential. */
  readonly credentialKey: string
  readonly source: ItemSource<Address, Item, Reading>
}

/** Longer than any call takes. */
const INVALIDATION_TTL_MS = 10 * 60 * 1000
const MAX_INVALIDATIONS = 10_000

/** Reads jobs once for everybody who wants them at about the same time. */
export function createSharedReads<Address, Item extends Job, Reading extends string>(
  options: SharedReadsOptions<Address, Item, Reading>,
): SharedReads<Address, Item, Reading> {
  const { vendor, upstream, sharedState, credentialKey, source } = options
  const { cache, batchWindowMs: windowMs } = sharedState
  const flights = createSingleFlight<Item | null>()
  const keyOf = (address: Address) => `${credentialKey} ${source.keyOf(address)}`
  const detailRank = (detail: Reading) => source.detailLevels.indexOf(detail)
  const batcher = createBatcher<Address, Item, Reading>({
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

  /** Jobs that were changed lately: what was asked for before that may come after it. */
  const changes = new LRUCache<string, number>({
    // By size, because `max` takes the memory for all of them at once, and there is one of these for each credential.
    maxSize: MAX_INVALIDATIONS,
    sizeCalculation: () => 1,
    ttl: INVALIDATION_TTL_MS,
  })
  const isOutdated = (address: Address, asOf: number) => asOf < (changes.get(source.keyOf(address)) ?? -Infinity)

  function noteChange(address: Address): void {
    changes.set(source.keyOf(address), Date.now())
    flights.invalidate(`${source.keyOf(address)} `)
  }

  async function readNow(wanted: ReadRequest<Address, Reading>, caller: CallContext): Promise<Item | null | Error> {
    const refusal = source.rejection?.(wanted.address)
    if (refusal) return refusal
    try {
      return await flights.join({
        // Whoever is waited for must not wait behind a look that nobody waits for.
        key: `${source.keyOf(wanted.address)} ${wanted.detail} ${caller.priority}`,
        signal: caller.signal,
        notBefore: minStartedAt(caller),
        start: (signal) => batcher.read(wanted, { ...caller, signal }),
        onShared: () => caller.meter.add(vendor, { shared: 1 }),
        isLeaderFailure: (error) => mayRetryAsFollower(error, caller),
      })
    } catch (error) {
      return error as Error
    }
  }

  return {
    source,
    async read(wanted, caller) {
      const keys = wanted.map(({ address }) => keyOf(address))
      const kept = caller.maxAge === 'new' ? [] : await cache.getItems<Item, Reading>(keys, caller.maxAge)
      return Promise.all(
        wanted.map(async (one, index) => {
          const read = kept[index]?.find(({ detail }) => detailRank(detail) >= detailRank(one.detail))
          if (!read) return readNow(one, caller)
          caller.meter.add(vendor, { cached: 1 })
          return read.item
        }),
      )
    },
    replace({ address, detail }, item, isWhole) {
      noteChange(address)
      cache.replaceItem(keyOf(address), { item, detail }, isWhole)
    },
    invalidate(address) {
      noteChange(address)
      cache.deleteItem(keyOf(address))
    },
  }
}

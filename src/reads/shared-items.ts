import { LRUCache } from 'lru-cache'
import { begunSince, isRefusedFor, type Caller } from '../http/caller.js'
import type { Upstream } from '../http/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBatcher } from './batcher.js'
import type { ItemSource, Wanted } from './item-source.js'
import type { Sharing } from './sharing.js'
import { createSingleFlight } from './single-flight.js'

/** One kind of job as all requests with one credential read it. */
export interface SharedItems<Address, Item extends Job, Reading extends string> {
  readonly source: ItemSource<Address, Item, Reading>
  /**
   * For each, in the same order, the job, null when the vendor knows none, or why it could not be read: from what
   * was read shortly before, from what is under way, or from the vendor.
   */
  read(wanted: readonly Wanted<Address, Reading>[], caller: Caller): Promise<readonly (Item | null | Error)[]>
  /**
   * The vendor just answered this to a change: nothing older is shown any more.
   * @param isWhole whether it has all that a read would have; if not, it is shown for a moment only
   */
  replace(wanted: Wanted<Address, Reading>, item: Item, isWhole: boolean): void
  /** The job was changed at the vendor: nothing older is shown any more. */
  forget(address: Address): void
}

export interface SharedItemsOptions<Address, Item extends Job, Reading extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly sharing: Sharing
  /** Names the credential. */
  readonly scope: string
  readonly source: ItemSource<Address, Item, Reading>
}

/** Longer than any call takes. */
const REMEMBER_CHANGE_MS = 10 * 60 * 1000
const MAX_CHANGES = 10_000

/** Reads jobs once for everybody who wants them at about the same time. */
export function shareItems<Address, Item extends Job, Reading extends string>(
  options: SharedItemsOptions<Address, Item, Reading>,
): SharedItems<Address, Item, Reading> {
  const { vendor, upstream, sharing, scope, source } = options
  const { freshness, batchWindowMs: windowMs } = sharing
  const flights = createSingleFlight<Item | null>()
  const keyOf = (address: Address) => `${scope} ${source.keyOf(address)}`
  const richnessOf = (reading: Reading) => source.readings.indexOf(reading)
  const batcher = createBatcher<Address, Item, Reading>({
    vendor,
    upstream,
    source,
    windowMs,
    onRead(address, read, asOf) {
      if (!isOutdated(address, asOf)) freshness.keepItem(keyOf(address), read, asOf)
    },
    onAlso(address, read, asOf) {
      if (!isOutdated(address, asOf)) freshness.keepAside(keyOf(address), read, asOf)
    },
  })

  /** Jobs that were changed lately: what was asked for before that may come after it. */
  const changes = new LRUCache<string, number>({
    // By size, because `max` takes the memory for all of them at once, and there is one of these for each credential.
    maxSize: MAX_CHANGES,
    sizeCalculation: () => 1,
    ttl: REMEMBER_CHANGE_MS,
  })
  const isOutdated = (address: Address, asOf: number) => asOf < (changes.get(source.keyOf(address)) ?? -Infinity)

  function noteChange(address: Address): void {
    changes.set(source.keyOf(address), Date.now())
    flights.forget(`${source.keyOf(address)} `)
  }

  async function readNow(wanted: Wanted<Address, Reading>, caller: Caller): Promise<Item | null | Error> {
    const refusal = source.refusal?.(wanted.address)
    if (refusal) return refusal
    try {
      return await flights.join({
        // Whoever is waited for must not wait behind a look that nobody waits for.
        key: `${source.keyOf(wanted.address)} ${wanted.reading} ${caller.priority}`,
        signal: caller.signal,
        since: begunSince(caller),
        begin: (signal) => batcher.read(wanted, { ...caller, signal }),
        onShared: () => caller.meter.add(vendor, { shared: 1 }),
        isTheirs: (error) => isRefusedFor(error, caller),
      })
    } catch (error) {
      return error as Error
    }
  }

  return {
    source,
    async read(wanted, caller) {
      const keys = wanted.map(({ address }) => keyOf(address))
      const kept = caller.age === 'new' ? [] : await freshness.items<Item, Reading>(keys, caller.age)
      return Promise.all(
        wanted.map(async (one, index) => {
          const read = kept[index]?.find(({ reading }) => richnessOf(reading) >= richnessOf(one.reading))
          if (!read) return readNow(one, caller)
          caller.meter.add(vendor, { cached: 1 })
          return read.item
        }),
      )
    },
    replace({ address, reading }, item, isWhole) {
      noteChange(address)
      freshness.replaceItem(keyOf(address), { item, reading }, isWhole)
    },
    forget(address) {
      noteChange(address)
      freshness.dropItem(keyOf(address))
    },
  }
}

import type { Caller } from '../http/caller.js'
import type { Upstream } from '../http/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import { createBatcher } from './batcher.js'
import type { ItemAnswer, ItemSource, Wanted } from './item-source.js'
import { createSingleFlight } from './single-flight.js'
import type { Sharing } from './sharing.js'

/** One kind of job as all requests with one credential read it. */
export interface SharedItems<Address, Item extends Job, Reading extends string> {
  readonly source: ItemSource<Address, Item, Reading>
  /** One answer for each, in the same order: from what was read shortly before, from what is under way, or from the vendor. */
  read(wanted: readonly Wanted<Address, Reading>[], caller: Caller): Promise<readonly ItemAnswer<Item>[]>
  /** The vendor just answered this: nothing older is shown any more. */
  replace(wanted: Wanted<Address, Reading>, item: Item): void
}

export interface SharedItemsOptions<Address, Item extends Job, Reading extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly sharing: Sharing
  /** Names the credential. */
  readonly scope: string
  readonly source: ItemSource<Address, Item, Reading>
}

/** Reads jobs once for everybody who wants them at about the same time. */
export function shareItems<Address, Item extends Job, Reading extends string>(
  options: SharedItemsOptions<Address, Item, Reading>,
): SharedItems<Address, Item, Reading> {
  const { vendor, upstream, sharing, scope, source } = options
  const { freshness, batchWindowMs: windowMs } = sharing
  const flights = createSingleFlight<Item | null>()
  const batcher = createBatcher({ vendor, upstream, source, windowMs, onRead: keep })

  const keyOf = (address: Address) => `${scope} ${source.keyOf(address)}`
  const richnessOf = (reading: string) => (source.readings as readonly string[]).indexOf(reading)

  function keep({ address, reading }: Wanted<Address, Reading>, item: Item | null, asOf: number): void {
    freshness.keepItem(keyOf(address), { item, reading }, asOf)
  }

  async function readOne(wanted: Wanted<Address, Reading>, caller: Caller): Promise<ItemAnswer<Item>> {
    const refusal = source.refusal?.(wanted.address)
    if (refusal) return refusal
    try {
      return await flights.join({
        // Whoever is waited for must not wait behind a look that nobody waits for.
        key: `${caller.priority} ${wanted.reading} ${source.keyOf(wanted.address)}`,
        signal: caller.signal,
        alone: caller.fresh,
        begin: (signal) => batcher.read(wanted, caller, signal),
        onShared: () => caller.meter.add(vendor, { shared: 1 }),
      })
    } catch (error) {
      return error as Error
    }
  }

  return {
    source,
    async read(wanted, caller) {
      const kept = caller.fresh ? [] : await freshness.items<Item>(wanted.map(({ address }) => keyOf(address)))
      return Promise.all(
        wanted.map(async (one, index) => {
          const read = kept[index]
          if (!read || richnessOf(read.reading) < richnessOf(one.reading)) return readOne(one, caller)
          caller.meter.add(vendor, { cached: 1 })
          return read.item
        }),
      )
    },
    replace(wanted, item) {
      flights.forget()
      keep(wanted, item, Date.now())
    },
  }
}

import DataLoader from 'dataloader'
import type { Caller } from '../http/caller.js'
import type { Job } from '../job/job.js'
import type { Wanted } from './item-source.js'
import type { SharedItems } from './shared-items.js'

/** One kind of job as one request reads it: each job once, those of one tick together. */
export interface ItemLoader<Address, Item, Reading> {
  load(address: Address, reading: Reading): Promise<Item | null>
  /** Replaces whatever was read before, here and for other requests. */
  replace(wanted: Wanted<Address, Reading>, item: Item, isWhole: boolean): void
  /** Nothing that was read before is shown any more, here and to other requests. */
  forget(address: Address): void
}

/** The loader of one request. Jobs of one tick are read in the richest way that any of its fields wants. One that fails fails alone. */
export function createItemLoader<Address, Item extends Job, Reading extends string>(
  items: SharedItems<Address, Item, Reading>,
  caller: Caller,
): ItemLoader<Address, Item, Reading> {
  type W = Wanted<Address, Reading>
  const { keyOf, readings } = items.source
  const loader = new DataLoader<W, Item | null, string>(readAll, {
    cacheKeyFn: ({ address, reading }) => `${reading} ${keyOf(address)}`,
  })

  const poorerThan = (reading: Reading) => readings.slice(0, readings.indexOf(reading))

  async function readAll(all: readonly W[]): Promise<(Item | null | Error)[]> {
    const richest = new Map<string, W>()
    for (const wanted of all) {
      const key = keyOf(wanted.address)
      const best = richest.get(key)
      if (!best || readings.indexOf(wanted.reading) > readings.indexOf(best.reading)) richest.set(key, wanted)
    }
    const wanted = [...richest.values()]
    const answers = await items.read(wanted, caller)
    const byKey = new Map(wanted.map(({ address }, index) => [keyOf(address), answers[index]!]))
    // What was read richly need not be read poorly later.
    wanted.forEach(({ address, reading }, index) => {
      const answer = answers[index]!
      if (!(answer instanceof Error))
        poorerThan(reading).forEach((poorer) => prime({ address, reading: poorer }, answer))
    })
    return all.map(({ address }) => byKey.get(keyOf(address))!)
  }

  function prime(wanted: W, item: Item | null): void {
    loader.prime(wanted, item)
  }

  function clear(address: Address): void {
    for (const reading of readings) loader.clear({ address, reading })
  }

  return {
    load: (address, reading) => loader.load({ address, reading }),
    replace(wanted, item, isWhole) {
      const { address, reading } = wanted
      clear(address)
      for (const one of [...poorerThan(reading), reading]) prime({ address, reading: one }, item)
      items.replace(wanted, item, isWhole)
    },
    forget(address) {
      clear(address)
      items.forget(address)
    },
  }
}

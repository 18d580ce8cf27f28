import DataLoader from 'dataloader'
import type { Caller } from '../http/caller.js'
import type { Job } from '../job/job.js'
import type { Wanted } from './item-source.js'
import { richestByJob } from './richest.js'
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
    const jobs = richestByJob(items.source, all)
    const answers = await items.read([...jobs.values()], caller)
    const byJob = new Map([...jobs.keys()].map((key, index) => [key, answers[index]!]))
    for (const [key, { address, reading }] of jobs) {
      const answer = byJob.get(key)!
      // What was read richly need not be read poorly later.
      if (!(answer instanceof Error)) prime(address, poorerThan(reading), answer)
    }
    return all.map(({ address }) => byJob.get(keyOf(address))!)
  }

  function prime(address: Address, as: readonly Reading[], item: Item | null): void {
    for (const reading of as) loader.prime({ address, reading }, item)
  }

  function clear(address: Address): void {
    for (const reading of readings) loader.clear({ address, reading })
  }

  return {
    load: (address, reading) => loader.load({ address, reading }),
    replace(wanted, item, isWhole) {
      const { address, reading } = wanted
      clear(address)
      prime(address, [...poorerThan(reading), reading], item)
      items.replace(wanted, item, isWhole)
    },
    forget(address) {
      clear(address)
      items.forget(address)
    },
  }
}

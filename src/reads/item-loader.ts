import DataLoader from 'dataloader'
import type { CallContext } from '../upstream/call-context.js'
import type { Job } from '../job/job.js'
import type { ReadRequest } from './item-source.js'
import { mostDetailedByJob } from './most-detailed.js'
import type { SharedReads } from './shared-reads.js'

/** One kind of job as one request reads it: each job once, those of one tick together. */
export interface ItemLoader<Address, Item, Reading> {
  load(address: Address, detail: Reading): Promise<Item | null>
  /** Replaces whatever was read before, here and for other requests. */
  replace(wanted: ReadRequest<Address, Reading>, item: Item, isWhole: boolean): void
  /** Nothing that was read before is shown any more, here and to other requests. */
  invalidate(address: Address): void
}

/** The loader of one request. Jobs of one tick are read in the richest way that any of its fields wants. One that fails fails alone. */
export function createItemLoader<Address, Item extends Job, Reading extends string>(
  items: SharedReads<Address, Item, Reading>,
  caller: CallContext,
): ItemLoader<Address, Item, Reading> {
  type W = ReadRequest<Address, Reading>
  const { keyOf, detailLevels } = items.source
  const loader = new DataLoader<W, Item | null, string>(readAll, {
    cacheKeyFn: ({ address, detail }) => `${detail} ${keyOf(address)}`,
  })

  const lessDetailedThan = (detail: Reading) => detailLevels.slice(0, detailLevels.indexOf(detail))

  async function readAll(all: readonly W[]): Promise<(Item | null | Error)[]> {
    const jobs = mostDetailedByJob(items.source, all)
    const answers = await items.read([...jobs.values()], caller)
    const byJob = new Map([...jobs.keys()].map((key, index) => [key, answers[index]!]))
    for (const [key, { address, detail }] of jobs) {
      const answer = byJob.get(key)!
      // What was read richly need not be read poorly later.
      if (!(answer instanceof Error)) prime(address, lessDetailedThan(detail), answer)
    }
    return all.map(({ address }) => byJob.get(keyOf(address))!)
  }

  function prime(address: Address, as: readonly Reading[], item: Item | null): void {
    for (const detail of as) loader.prime({ address, detail }, item)
  }

  function clear(address: Address): void {
    for (const detail of detailLevels) loader.clear({ address, detail })
  }

  return {
    load: (address, detail) => loader.load({ address, detail }),
    replace(wanted, item, isWhole) {
      const { address, detail } = wanted
      clear(address)
      prime(address, [...lessDetailedThan(detail), detail], item)
      items.replace(wanted, item, isWhole)
    },
    invalidate(address) {
      clear(address)
      items.invalidate(address)
    },
  }
}

import DataLoader from 'dataloader'
import type { CallContext } from '../upstream/call-context.js'
import type { Job } from '../job/job.js'
import type { ReadRequest } from './item-source.js'
import { mostDetailedByJob } from './most-detailed.js'
import type { SharedReads } from './shared-reads.js'

/** The loader for one kind of job within one operation: reads each job once, and the jobs of one tick together. */
export interface ItemLoader<Address, Item, Detail> {
  load(address: Address, detail: Detail): Promise<Item | null>
  /**
   * Replaces the job in this loader and in the shared cache.
   * @param isComplete see {@link SharedReads.replace}
   */
  replace(request: ReadRequest<Address, Detail>, item: Item, isComplete: boolean): void
  /** Drops the job from this loader and from the shared cache. */
  invalidate(address: Address): void
}

/** Jobs of one tick are read at the highest detail level that any field requests. A failed job does not fail the others. */
export function createItemLoader<Address, Item extends Job, Detail extends string>(
  items: SharedReads<Address, Item, Detail>,
  context: CallContext,
): ItemLoader<Address, Item, Detail> {
  type Request = ReadRequest<Address, Detail>
  const { keyOf, detailLevels } = items.source
  const loader = new DataLoader<Request, Item | null, string>(readAll, {
    cacheKeyFn: ({ address, detail }) => `${detail} ${keyOf(address)}`,
  })

  const lessDetailedThan = (detail: Detail) => detailLevels.slice(0, detailLevels.indexOf(detail))

  async function readAll(requests: readonly Request[]): Promise<(Item | null | Error)[]> {
    const jobs = mostDetailedByJob(items.source, requests)
    const results = await items.read([...jobs.values()], context)
    const byJob = new Map([...jobs.keys()].map((key, index) => [key, results[index]!]))
    for (const [key, { address, detail }] of jobs) {
      const result = byJob.get(key)!
      // A detailed read also serves later requests for less detail.
      if (!(result instanceof Error)) prime(address, lessDetailedThan(detail), result)
    }
    return requests.map(({ address }) => byJob.get(keyOf(address))!)
  }

  function prime(address: Address, details: readonly Detail[], item: Item | null): void {
    for (const detail of details) loader.prime({ address, detail }, item)
  }

  function clear(address: Address): void {
    for (const detail of detailLevels) loader.clear({ address, detail })
  }

  return {
    load: (address, detail) => loader.load({ address, detail }),
    replace(request, item, isComplete) {
      const { address, detail } = request
      clear(address)
      prime(address, [...lessDetailedThan(detail), detail], item)
      items.replace(request, item, isComplete)
    },
    invalidate(address) {
      clear(address)
      items.invalidate(address)
    },
  }
}

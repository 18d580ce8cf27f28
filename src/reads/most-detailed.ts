import type { Job } from '../job/job.js'
import type { ItemSource, ReadRequest } from './item-source.js'

/** Each job once, by its key, to be read in the richest way that anybody wants it. */
export function mostDetailedByJob<Address, Item extends Job, Reading extends string>(
  { keyOf, detailLevels }: Pick<ItemSource<Address, Item, Reading>, 'keyOf' | 'detailLevels'>,
  all: readonly ReadRequest<Address, Reading>[],
): ReadonlyMap<string, ReadRequest<Address, Reading>> {
  const richest = new Map<string, ReadRequest<Address, Reading>>()
  for (const wanted of all) {
    const key = keyOf(wanted.address)
    const best = richest.get(key)
    if (!best || detailLevels.indexOf(wanted.detail) > detailLevels.indexOf(best.detail)) richest.set(key, wanted)
  }
  return richest
}

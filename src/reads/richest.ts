import type { Job } from '../job/job.js'
import type { ItemSource, Wanted } from './item-source.js'

/** Each job once, by its key, to be read in the richest way that anybody wants it. */
export function richestByJob<Address, Item extends Job, Reading extends string>(
  { keyOf, readings }: Pick<ItemSource<Address, Item, Reading>, 'keyOf' | 'readings'>,
  all: readonly Wanted<Address, Reading>[],
): ReadonlyMap<string, Wanted<Address, Reading>> {
  const richest = new Map<string, Wanted<Address, Reading>>()
  for (const wanted of all) {
    const key = keyOf(wanted.address)
    const best = richest.get(key)
    if (!best || readings.indexOf(wanted.reading) > readings.indexOf(best.reading)) richest.set(key, wanted)
  }
  return richest
}

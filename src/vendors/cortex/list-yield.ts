import { LRUCache } from 'lru-cache'

/** How much of what is wanted of a place its list has been answering, as a decaying average. */
export interface ListYield {
  /** How many of so many jobs one page is likely to have. */
  expected(place: string, wanted: number): number
  learn(place: string, wanted: number, found: number): void
}

/** How much the last time counts against all the times before. */
const WEIGHT = 0.3
const MAX_PLACES = 1000
/** What is known of a place is forgotten then, so that its list is given another chance. */
const FORGET_MS = 10 * 60 * 1000

/** Of a place that was never looked at, everything is expected: most of what is looked at is new, and so on the first page. */
export function createListYield(): ListYield {
  const averages = new LRUCache<string, number>({ max: MAX_PLACES, ttl: FORGET_MS })
  return {
    expected: (place, wanted) => wanted * (averages.get(place) ?? 1),
    learn(place, wanted, found) {
      const share = found / wanted
      const before = averages.get(place) ?? share
      averages.set(place, before + WEIGHT * (share - before), { noUpdateTTL: true })
    },
  }
}

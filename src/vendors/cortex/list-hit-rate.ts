import { LRUCache } from 'lru-cache'

/** What reading lists has spared, by place: whether it pays to look through a list for jobs, instead of reading each. */
export interface ListHitRate {
  /** Whether the list of this place is likely to spare calls for so many jobs. */
  shouldList(place: string, wanted: number): boolean
  /** @param found how many of those that were wanted the first page had */
  record(place: string, wanted: number, found: number): void
  /** Its list fails: for ten minutes it is not looked at. */
  disable(place: string): void
}

interface HitRate {
  /** Jobs that were wanted and jobs that were found, older ones counting less. */
  readonly wanted: number
  readonly found: number
  /** Jobs read one by one since the list was last looked at. */
  readonly readsSinceListed: number
}

/** Of a place that nobody has looked at, this is taken to have happened: what is looked at is mostly new, and so on the first page. */
const INITIAL_HIT_RATE: HitRate = { wanted: 10, found: 10, readsSinceListed: 0 }
/** How much of what was learnt is left after each look. */
const DECAY = 0.7
/** So many single gets have paid for another look, to see whether it is worth it again. */
const LIST_AGAIN_AFTER = 50
const MAX_CONTAINERS = 1000
const TTL_MS = 10 * 60 * 1000

/** A decaying average, weighed by how much was wanted. What is known of a place is forgotten after ten minutes. */
export function createListHitRate(): ListHitRate {
  // By size, because `max` takes the memory for all of them at once, and there are some for each credential.
  const limits = { maxSize: MAX_CONTAINERS, sizeCalculation: () => 1, ttl: TTL_MS }
  const known = new LRUCache<string, HitRate>(limits)
  const failing = new LRUCache<string, true>(limits)

  return {
    shouldList(place, wanted) {
      if (failing.has(place)) return false
      const experience = known.get(place) ?? INITIAL_HIT_RATE
      const likely = wanted * (experience.found / experience.wanted)
      if (likely > 1 || experience.readsSinceListed >= LIST_AGAIN_AFTER) return true
      known.set(place, { ...experience, readsSinceListed: experience.readsSinceListed + wanted })
      return false
    },
    record(place, wanted, found) {
      const before = known.get(place) ?? INITIAL_HIT_RATE
      known.set(place, {
        wanted: before.wanted * DECAY + wanted,
        found: before.found * DECAY + found,
        readsSinceListed: 0,
      })
    },
    disable: (place) => void failing.set(place, true),
  }
}

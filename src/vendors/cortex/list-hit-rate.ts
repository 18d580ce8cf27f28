import { LRUCache } from 'lru-cache'

/** Tracks by container how many requested jobs its list contained, to decide between reading the list and reading each job. */
export interface ListHitRate {
  /** Whether reading the list is likely to save calls for this many jobs. */
  shouldList(container: string, wanted: number): boolean
  /** @param found how many of the requested jobs were on the first page */
  record(container: string, wanted: number, found: number): void
  /** Stops using this list for ten minutes, because it failed. */
  disable(container: string): void
}

interface HitRate {
  /** Jobs requested and jobs found, older ones with less weight. */
  readonly wanted: number
  readonly found: number
  /** Jobs read one by one since the list was last read. */
  readonly readsSinceListed: number
}

/** Assumed for a container without history: jobs that are read are mostly recent, and so on the first page. */
const INITIAL_HIT_RATE: HitRate = { wanted: 10, found: 10, readsSinceListed: 0 }
/** The weight that earlier samples keep after each list read. */
const DECAY = 0.7
/** After this many single reads the list is tried again. */
const LIST_AGAIN_AFTER = 50
const MAX_CONTAINERS = 1000
const TTL_MS = 10 * 60 * 1000

/** A decaying average, weighted by the number of jobs requested. An entry expires ten minutes after its last update. */
export function createListHitRate(): ListHitRate {
  // Bounded by size: `max` would allocate all slots at once, for each credential.
  const limits = { maxSize: MAX_CONTAINERS, sizeCalculation: () => 1, ttl: TTL_MS }
  const rates = new LRUCache<string, HitRate>(limits)
  const disabled = new LRUCache<string, true>(limits)

  return {
    shouldList(container, wanted) {
      if (disabled.has(container)) return false
      const rate = rates.get(container) ?? INITIAL_HIT_RATE
      const expected = wanted * (rate.found / rate.wanted)
      if (expected > 1 || rate.readsSinceListed >= LIST_AGAIN_AFTER) return true
      rates.set(container, { ...rate, readsSinceListed: rate.readsSinceListed + wanted })
      return false
    },
    record(container, wanted, found) {
      const previous = rates.get(container) ?? INITIAL_HIT_RATE
      rates.set(container, {
        wanted: previous.wanted * DECAY + wanted,
        found: previous.found * DECAY + found,
        readsSinceListed: 0,
      })
    },
    disable: (container) => void disabled.set(container, true),
  }
}

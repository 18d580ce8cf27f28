import { LRUCache } from 'lru-cache'

/** What reading lists has spared, by place: whether it pays to look through a list for jobs, instead of reading each. */
export interface ListYield {
  /** Whether the list of this place is likely to spare calls for so many jobs. */
  isWorthALook(place: string, wanted: number): boolean
  /** @param found how many of those that were wanted the first page had */
  learn(place: string, wanted: number, found: number): void
  /** Its list fails: for ten minutes it is not looked at. */
  giveUp(place: string): void
}

interface Experience {
  /** Jobs that were wanted and jobs that were found, older ones counting less. */
  readonly wanted: number
  readonly found: number
  /** Jobs read one by one since the list was last looked at. */
  readonly unlooked: number
}

/** Of a place that nobody has looked at, this is taken to have happened: what is looked at is mostly new, and so on the first page. */
const FIRST: Experience = { wanted: 10, found: 10, unlooked: 0 }
/** How much of what was learnt is left after each look. */
const DECAY = 0.7
/** So many single gets have paid for another look, to see whether it is worth it again. */
const LOOK_AGAIN_AFTER = 50
const MAX_PLACES = 1000
const FORGET_MS = 10 * 60 * 1000

/** A decaying average, weighed by how much was wanted. What is known of a place is forgotten after ten minutes. */
export function createListYield(): ListYield {
  // By size, because `max` takes the memory for all of them at once, and there are some for each credential.
  const limits = { maxSize: MAX_PLACES, sizeCalculation: () => 1, ttl: FORGET_MS }
  const known = new LRUCache<string, Experience>(limits)
  const failing = new LRUCache<string, true>(limits)

  return {
    isWorthALook(place, wanted) {
      if (failing.has(place)) return false
      const experience = known.get(place) ?? FIRST
      const likely = wanted * (experience.found / experience.wanted)
      if (likely > 1 || experience.unlooked >= LOOK_AGAIN_AFTER) return true
      known.set(place, { ...experience, unlooked: experience.unlooked + wanted })
      return false
    },
    learn(place, wanted, found) {
      const before = known.get(place) ?? FIRST
      known.set(place, { wanted: before.wanted * DECAY + wanted, found: before.found * DECAY + found, unlooked: 0 })
    },
    giveUp: (place) => void failing.set(place, true),
  }
}

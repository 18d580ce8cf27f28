import type { Sessions } from '../job/sessions.js'
import { boundOf, vendorsOf, type FeedFilter } from './feed-sources.js'
import { readsAtMost } from './read-allowance.js'

/** How many requests a page of the feed comes to at worst: finding out the lists, and reading each as far as it may be. */
export function requestsAtMost(sessions: Sessions, filter: FeedFilter): number {
  try {
    const bounds = vendorsOf(sessions, filter)
      .map((vendor) => boundOf(sessions, vendor, filter))
      .filter((bound) => bound !== null)
    const lists = bounds.reduce((sum, bound) => sum + bound.lists, 0)
    return bounds.reduce((sum, bound) => sum + bound.requests, readsAtMost(lists))
  } catch {
    // It fails in the same way when it is asked for, and then says so in its own place.
    return 0
  }
}

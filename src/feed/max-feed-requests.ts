import type { RequestSessions } from '../job/request-sessions.js'
import { maxSourcesOf, vendorsOf, type FeedFilter } from './feed-sources.js'
import { maxPageReads } from './page-quota.js'

/** How many requests a page of the feed comes to at worst: finding out the lists, and reading each as far as it may be. */
export function maxFeedRequests(sessions: RequestSessions, filter: FeedFilter): number {
  try {
    const bounds = vendorsOf(sessions, filter)
      .map((vendor) => maxSourcesOf(sessions, vendor, filter))
      .filter((bound) => bound !== null)
    const lists = bounds.reduce((sum, bound) => sum + bound.lists, 0)
    return bounds.reduce((sum, bound) => sum + bound.requests, maxPageReads(lists))
  } catch {
    // It fails in the same way when it is asked for, and then says so in its own place.
    return 0
  }
}

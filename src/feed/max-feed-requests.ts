import type { RequestSessions } from '../job/request-sessions.js'
import { maxSourcesOf, vendorsOf, type FeedFilter } from './feed-sources.js'
import { maxPageReads } from './page-quota.js'

/** The maximum number of requests for one page of the feed: those that find the lists, and those that read them. */
export function maxFeedRequests(sessions: RequestSessions, filter: FeedFilter): number {
  try {
    const maxSources = vendorsOf(sessions, filter)
      .map((vendor) => maxSourcesOf(sessions, vendor, filter))
      .filter((max) => max !== null)
    const lists = maxSources.reduce((sum, max) => sum + max.lists, 0)
    return maxSources.reduce((sum, max) => sum + max.requests, maxPageReads(lists))
  } catch {
    // The filter is invalid. Reading the feed fails with the same error, in the right place of the response.
    return 0
  }
}

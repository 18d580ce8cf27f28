import { DocketError } from '../job/errors.js'
import { shortHash } from './short-hash.js'
import type { FeedOutage } from './feed-outage.js'
import type { VendorWarning } from '../job/feed-warning.js'
import type { RequestSessions } from '../job/request-sessions.js'
import type { JobSource, SourceFilter, MaxSources, Vendor } from '../job/vendor.js'
import type { VendorName } from '../job/vendor-name.js'

export interface FeedFilter extends SourceFilter {
  readonly vendors?: readonly VendorName[] | null
}

/** A list of a vendor that is to be merged with others. */
export interface FeedSource {
  readonly vendor: VendorName
  readonly source: JobSource
  /** Names it in a cursor: the list, and what is left out of it here. */
  readonly listKey: string
}

export interface FeedSources {
  readonly sources: readonly FeedSource[]
  readonly outages: readonly FeedOutage[]
  readonly warnings: readonly VendorWarning[]
}

/** The vendors whose lists are looked through. One that is not configured is an outage only for those who name it. */
export function vendorsOf({ vendors }: RequestSessions, { vendors: wanted }: FeedFilter): readonly Vendor[] {
  return vendors.filter(({ name, mode }) => (wanted ? wanted.includes(name) : mode !== 'NOT_CONFIGURED'))
}

/**
 * What is known of a vendor's lists before it is asked for any; null when it is not to be asked at all.
 * @throws {BadInputError} for a filter that makes no sense
 */
export function maxSourcesOf(sessions: RequestSessions, { name }: Vendor, query: FeedFilter): MaxSources | null {
  try {
    return sessions.get(name).maxSources(query)
  } catch (error) {
    if (!(error instanceof DocketError) || error.code === 'BAD_INPUT') throw error
    return null
  }
}

/**
 * The lists of one vendor. That they could not even be found out is an outage.
 * @throws {BadInputError} for a filter that makes no sense
 */
export async function openFeedSources(
  sessions: RequestSessions,
  { name }: Vendor,
  query: FeedFilter,
): Promise<FeedSources> {
  try {
    const { sources, warnings } = await sessions.get(name).sources(query)
    const statuses = query.statuses && [...new Set(query.statuses)].sort()
    return {
      sources: sources.map((source) => ({
        vendor: name,
        source,
        listKey: shortHash(JSON.stringify([name, source.key, statuses ?? null])),
      })),
      outages: [],
      warnings: warnings.map((warning) => ({ vendor: name, ...warning })),
    }
  } catch (error) {
    if (!(error instanceof DocketError) || error.code === 'BAD_INPUT') throw error
    return { sources: [], outages: [{ vendor: name, error }], warnings: [] }
  }
}

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

/** One list of a vendor that the feed merges. */
export interface FeedSource {
  readonly vendor: VendorName
  readonly source: JobSource
  /** Identifies the list and its status filter in a cursor. */
  readonly listKey: string
}

export interface FeedSources {
  readonly sources: readonly FeedSource[]
  readonly outages: readonly FeedOutage[]
  readonly warnings: readonly VendorWarning[]
}

/** The vendors whose lists are merged. One that is not configured is included only when the filter names it. */
export function vendorsOf({ vendors }: RequestSessions, { vendors: wanted }: FeedFilter): readonly Vendor[] {
  return vendors.filter(({ name, mode }) => (wanted ? wanted.includes(name) : mode !== 'NOT_CONFIGURED'))
}

/**
 * The upper bounds of a vendor's sources. Sends no request.
 * @returns null when the vendor cannot be asked at all
 * @throws {BadInputError} when the filter is invalid
 */
export function maxSourcesOf(sessions: RequestSessions, { name }: Vendor, filter: FeedFilter): MaxSources | null {
  try {
    return sessions.get(name).maxSources(filter)
  } catch (error) {
    if (!(error instanceof DocketError) || error.code === 'BAD_INPUT') throw error
    return null
  }
}

/**
 * The lists of one vendor. A failure to find them becomes an outage.
 * @throws {BadInputError} when the filter is invalid
 */
export async function openFeedSources(
  sessions: RequestSessions,
  { name }: Vendor,
  filter: FeedFilter,
): Promise<FeedSources> {
  try {
    const { sources, warnings } = await sessions.get(name).sources(filter)
    const statuses = filter.statuses && [...new Set(filter.statuses)].sort()
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

import { mergeLists } from './feed-merge.js'
import type { FeedOutage } from './feed-outage.js'
import type { KeysetCursor } from './keyset-cursor.js'
import { createFeedReader } from './feed-reader.js'
import { maxSourcesOf, openFeedSources, vendorsOf, type FeedFilter } from './feed-sources.js'
import type { FeedWarning, VendorWarning } from '../job/feed-warning.js'
import type { Vendor } from '../job/vendor.js'
import type { Job } from '../job/job.js'
import { createPageQuotas } from './page-quota.js'
import type { ListPosition, ListPositions } from './list-position.js'
import type { RequestSessions } from '../job/request-sessions.js'

export interface FeedQuery extends FeedFilter {
  /** The maximum number of jobs on the page. */
  readonly size: number
  /** Returns only jobs after this cursor; null starts with the newest. */
  readonly after: FeedCursor | null
}

/** The keyset decides which job comes next; the positions are hints where in each list to find it. */
export interface FeedCursor {
  readonly keyset: KeysetCursor
  /** Of the lists that were read past their first page. Positions of lists that are not in the query are ignored. */
  readonly positions: ListPositions
}

export interface FeedEntry {
  readonly job: Job
  readonly cursor: FeedCursor
}

export interface JobFeed {
  readonly entries: readonly FeedEntry[]
  readonly hasMore: boolean
  /** The cursor of the whole page, set even for an empty page that has more after it; null at the end of an empty feed. */
  readonly end: FeedCursor | null
  readonly outages: readonly FeedOutage[]
  readonly warnings: readonly VendorWarning[]
}

/**
 * Merges the jobs of all vendors, newest first. Reads each list a page at a time and only as far as needed. A source
 * that fails becomes an outage; the other sources are unaffected.
 * @throws {BadInputError} when the filter is invalid
 */
export async function readJobFeed(sessions: RequestSessions, query: FeedQuery): Promise<JobFeed> {
  const after = query.after?.keyset ?? null
  const startPositions: ListPositions = query.after?.positions ?? new Map<string, ListPosition>()
  const outages: FeedOutage[] = []
  const warnings: VendorWarning[] = []
  const newQuota = createPageQuotas()

  /** Fills at once: a vendor that is slow to find its sources must not use up the time of the others. */
  async function openReaders(vendor: Vendor) {
    const found = await openFeedSources(sessions, vendor, query)
    outages.push(...found.outages)
    warnings.push(...found.warnings)
    const readers = found.sources.map(({ vendor, source, listKey }) => {
      const from = startPositions.get(listKey) ?? null
      const reader = createFeedReader(source, { ...query, after }, from, newQuota(), {
        onOutage: (error) => outages.push({ vendor, error, source: source.label }),
        onWarning: (warning) => warnings.push({ vendor, ...warning }),
      })
      return { ...reader, vendor, listKey }
    })
    await Promise.all(readers.map((reader) => reader.fill()))
    return readers
  }

  const vendors = vendorsOf(sessions, query)
  // Validates the filter with every vendor before any request is sent.
  for (const vendor of vendors) maxSourcesOf(sessions, vendor, query)
  const readers = (await Promise.all(vendors.map(openReaders))).flat()
  const { jobs, keyset, hasMore, skipped } = await mergeLists(readers, query.size, after)
  if (skipped !== null) warnings.push({ vendor: skipped.vendor, ...SAME_TIMESTAMP_WARNING })
  const collect = (positionOf: (reader: (typeof readers)[number]) => ListPosition | null): ListPositions =>
    new Map(
      readers.flatMap((reader) => {
        const position = positionOf(reader)
        return position === null ? [] : [[reader.listKey, position] as const]
      }),
    )
  const end = keyset && { keyset, positions: collect((reader) => reader.position(keyset)) }
  // Cursors inside the page use the start positions, which are close enough. Only "unsorted" applies to the whole list.
  const positions = collect(({ listKey }) => {
    const endPosition = end?.positions.get(listKey)
    return endPosition?.order === 'none' ? endPosition : (startPositions.get(listKey) ?? null)
  })
  const entries = jobs.map(({ job, keyset }) => ({ job, cursor: { keyset, positions } }))
  const last = entries.at(-1)
  if (last && end && last.cursor.keyset === end.keyset) entries[entries.length - 1] = { job: last.job, cursor: end }
  return { entries, hasMore, end: hasMore || last ? end : null, outages, warnings }
}

const SAME_TIMESTAMP_WARNING: FeedWarning = {
  code: 'SAME_TIMESTAMP_TRUNCATED',
  source: null,
  message:
    'Too many jobs share one timestamp to page through all of them. The remaining jobs of that timestamp are skipped.',
}

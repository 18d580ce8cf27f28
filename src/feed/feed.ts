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
  /** How many jobs at most. */
  readonly size: number
  /** Only what comes behind this; null for the newest. */
  readonly after: FeedCursor | null
}

/** Where to go on: the place says what comes next, the positions where it is likely to be found. */
export interface FeedCursor {
  readonly keyset: KeysetCursor
  /** Of lists whose beginning has been left behind. Those of lists that are not looked at, or otherwise, are not used. */
  readonly positions: ListPositions
}

export interface FeedEntry {
  readonly job: Job
  /** Where to go on behind it. */
  readonly cursor: FeedCursor
}

export interface JobFeed {
  readonly entries: readonly FeedEntry[]
  readonly hasMore: boolean
  /** Where to go on behind all of it, even if it has no entry; null when there is nothing to go on behind. */
  readonly end: FeedCursor | null
  readonly outages: readonly FeedOutage[]
  readonly warnings: readonly VendorWarning[]
}

/**
 * The newest jobs of every vendor in one list, each of their lists read a page at a time and only as far as needed. A
 * source that fails becomes an outage and costs nothing but its own jobs.
 * @throws {BadInputError} for a filter that makes no sense
 */
export async function readJobFeed(sessions: RequestSessions, query: FeedQuery): Promise<JobFeed> {
  const behind = query.after?.keyset ?? null
  const before: ListPositions = query.after?.positions ?? new Map<string, ListPosition>()
  const outages: FeedOutage[] = []
  const warnings: VendorWarning[] = []
  const newAllowance = createPageQuotas()

  /** At once: while one vendor takes its time to say which lists it has, the others must not lose theirs. */
  async function openReaders(vendor: Vendor) {
    const found = await openFeedSources(sessions, vendor, query)
    outages.push(...found.outages)
    warnings.push(...found.warnings)
    const readers = found.sources.map(({ vendor, source, listKey }) => {
      const reader = createFeedReader(
        source,
        { ...query, after: behind },
        before.get(listKey) ?? null,
        newAllowance(),
        {
          onOutage: (error) => outages.push({ vendor, error, source: source.label }),
          onWarning: (warning) => warnings.push({ vendor, ...warning }),
        },
      )
      return { ...reader, vendor, mark: listKey }
    })
    await Promise.all(readers.map((reader) => reader.fill()))
    return readers
  }

  const vendors = vendorsOf(sessions, query)
  // What makes no sense to one of them is not asked of any.
  for (const vendor of vendors) maxSourcesOf(sessions, vendor, query)
  const readers = (await Promise.all(vendors.map(openReaders))).flat()
  const { jobs, keyset, hasMore, leftOut } = await mergeLists(readers, query.size, behind)
  if (leftOut !== null) warnings.push({ vendor: leftOut.vendor, ...SAME_TIMESTAMP_WARNING })
  const collect = (positionOf: (reader: (typeof readers)[number]) => ListPosition | null): ListPositions =>
    new Map(
      readers.flatMap((reader) => {
        const position = positionOf(reader)
        return position === null ? [] : [[reader.mark, position] as const]
      }),
    )
  const end = keyset && { keyset, positions: collect((reader) => reader.position(keyset)) }
  // In the middle of a page it is where that page began: near enough. What was found to have no order has none anywhere.
  const onTheWay = collect(({ mark }) => {
    const now = end?.positions.get(mark)
    return now?.order === 'none' ? now : (before.get(mark) ?? null)
  })
  const entries = jobs.map(({ job, keyset }) => ({ job, cursor: { keyset, positions: onTheWay } }))
  const last = entries.at(-1)
  if (last && end && last.cursor.keyset === end.keyset) entries[entries.length - 1] = { job: last.job, cursor: end }
  return { entries, hasMore, end: hasMore || last ? end : null, outages, warnings }
}

const SAME_TIMESTAMP_WARNING: FeedWarning = {
  code: 'SAME_TIMESTAMP_TRUNCATED',
  source: null,
  message: 'There are more jobs of one moment than can be paged through. The rest of that moment is left out.',
}

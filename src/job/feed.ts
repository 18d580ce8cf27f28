import { DocketError } from './errors.js'
import { createFeedReader, MAX_PAGES, type FeedReader } from './feed-reader.js'
import { advance, feedTime, type FeedPlace } from './feed-place.js'
import type { Job } from './job.js'
import { encodeJobId } from './job-id.js'
import type { Sessions } from './sessions.js'
import type { JobSource, SourceFilter } from './vendor.js'
import type { VendorName } from './vendor-name.js'

export interface FeedFilter extends SourceFilter {
  readonly vendors?: readonly VendorName[] | null
}

export interface FeedQuery extends FeedFilter {
  /** How many jobs at most. */
  readonly size: number
  /** Only jobs behind this place. */
  readonly behind: FeedPlace | null
}

export interface FeedOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  readonly source?: string
}

export interface FeedEntry {
  readonly job: Job
  /** Where to go on behind it. */
  readonly place: FeedPlace
}

export interface JobFeed {
  readonly entries: readonly FeedEntry[]
  readonly hasMore: boolean
  readonly outages: readonly FeedOutage[]
}

/**
 * The newest jobs of every vendor in one list: a k-way merge of their lists, each of them read a page at a time and
 * only as far as the merge wants it. A source that fails becomes an outage and costs nothing but its own jobs.
 */
export async function mergeJobs(sessions: Sessions, query: FeedQuery): Promise<JobFeed> {
  const outages: FeedOutage[] = []
  const readers = openSources(sessions, query, outages).map(({ vendor, source }) =>
    createFeedReader(source, query, (error) => outages.push({ vendor, error, source: source.label })),
  )
  const entries = new Map<string, FeedEntry>()
  await Promise.all(readers.map((reader) => reader.fill()))
  let place = query.behind
  for (let next = newest(readers); next !== null && entries.size < query.size; next = newest(readers)) {
    const job = next.take()
    const id = encodeJobId(job.address)
    // A job that changes meanwhile can be found in the lists of two states.
    if (!entries.has(id)) entries.set(id, { job, place: (place = advance(place, job)) })
    if (entries.size < query.size) await next.fill()
  }
  return { entries: [...entries.values()], hasMore: readers.some((reader) => reader.mayHaveMore()), outages }
}

/** How many requests the list comes to when every source has to be read as far as it may be. */
export function requestsAtMost(sessions: Sessions, filter: FeedFilter): number {
  try {
    return openSources(sessions, filter, []).length * MAX_PAGES
  } catch {
    // It fails in the same way when it is asked for, and then says so in its own place.
    return 0
  }
}

/** The reader whose next job comes first. */
function newest(readers: readonly FeedReader[]): FeedReader | null {
  return readers.reduce<FeedReader | null>((first, reader) => {
    const head = reader.head()
    const best = first?.head()
    return head && (!best || feedTime(head) > feedTime(best)) ? reader : first
  }, null)
}

interface OpenSource {
  readonly vendor: VendorName
  readonly source: JobSource
}

/** A vendor that is not configured is an outage only for those who ask for it by name. */
function openSources(sessions: Sessions, query: FeedFilter, outages: FeedOutage[]): OpenSource[] {
  const { vendors } = query
  return sessions.vendors.flatMap(({ name, mode }) => {
    if (vendors ? !vendors.includes(name) : mode === 'NOT_CONFIGURED') return []
    try {
      return sessions
        .of(name)
        .sources(query)
        .map((source) => ({ vendor: name, source }))
    } catch (error) {
      if (!(error instanceof DocketError) || error.code === 'BAD_INPUT') throw error
      outages.push({ vendor: name, error })
      return []
    }
  })
}

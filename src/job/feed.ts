import { DocketError } from './errors.js'
import { createFeedReader, type FeedReader } from './feed-reader.js'
import { byPlace, type FeedPlace } from './feed-place.js'
import type { Job } from './job.js'
import type { Sessions } from './sessions.js'
import type { JobSource, SourceFilter } from './vendor.js'
import type { VendorName } from './vendor-name.js'

export interface FeedQuery extends SourceFilter {
  readonly vendors?: readonly VendorName[] | null
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

export interface JobFeed {
  readonly jobs: readonly Job[]
  readonly hasMore: boolean
  /** Where to go on: the last job's place, or how far was looked where there was none; null at the end of an empty feed. */
  readonly end: FeedPlace | null
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
  const jobs = new Map<string, { job: Job; place: FeedPlace }>()
  await Promise.all(readers.map((reader) => reader.fill()))
  for (let next = newest(readers); next !== null && jobs.size < query.size; next = newest(readers)) {
    const head = next.take()
    // A job that changes meanwhile can be found in the lists of two states.
    jobs.set(head.place.id, head)
    if (jobs.size < query.size) await next.fill()
  }
  const found = [...jobs.values()]
  return {
    jobs: found.map(({ job }) => job),
    hasMore: readers.some((reader) => reader.mayHaveMore()),
    end: found.at(-1)?.place ?? lookedThrough(readers),
    outages,
  }
}

/** The reader whose next job comes first. */
function newest(readers: readonly FeedReader[]): FeedReader | null {
  return readers.reduce<FeedReader | null>((first, reader) => {
    const head = reader.head()
    const best = first?.head()
    return head && (!best || byPlace(head.place, best.place) < 0) ? reader : first
  }, null)
}

/** How far all of those that stopped early have looked: nothing wanted lies before it. */
function lookedThrough(readers: readonly FeedReader[]): FeedPlace | null {
  const places = readers.filter((reader) => reader.mayHaveMore()).flatMap((reader) => reader.lastSeen() ?? [])
  return places.sort(byPlace)[0] ?? null
}

interface OpenSource {
  readonly vendor: VendorName
  readonly source: JobSource
}

/** A vendor that is not configured is an outage only for those who ask for it by name. */
function openSources(sessions: Sessions, query: FeedQuery, outages: FeedOutage[]): OpenSource[] {
  const { vendors } = query
  return sessions.vendors.flatMap(({ name, mode }) => {
    if (vendors ? !vendors.includes(name) : mode === 'NOT_CONFIGURED') return []
    try {
      return sessions.of(name).sources(query).map((source) => ({ vendor: name, source }))
    } catch (error) {
      if (!(error instanceof DocketError) || error.code === 'BAD_INPUT') throw error
      outages.push({ vendor: name, error })
      return []
    }
  })
}

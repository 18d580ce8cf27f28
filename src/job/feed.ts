import { encodeJobId } from './job-id.js'
import { DocketError } from './errors.js'
import type { Job } from './job.js'
import type { Sessions } from './sessions.js'
import type { JobSource, SourceFilter } from './vendor.js'
import type { VendorName } from './vendor-name.js'

/** What the feed is sorted by: time of creation, newest first, then id. */
export interface FeedPlace {
  /** Epoch ms; 0 for a job that does not say when it was created. */
  readonly time: number
  readonly id: string
}

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
  readonly outages: readonly FeedOutage[]
}

/** How far back a page behind the first one can look: one page of each source. */
const WINDOW = 100

/**
 * The newest jobs of every vendor in one list. Each source is read by one call; one that fails becomes an outage
 * and costs nothing but its own jobs.
 */
export async function mergeJobs(sessions: Sessions, query: FeedQuery): Promise<JobFeed> {
  const take = query.behind === null ? query.size : WINDOW
  const outages: FeedOutage[] = []
  const sources = openSources(sessions, query, outages)
  const pages = await Promise.all(
    sources.map(async ({ vendor, source }) => {
      try {
        return await source.firstPage(take)
      } catch (error) {
        if (!(error instanceof DocketError)) throw error
        outages.push({ vendor, error, source: source.label })
        return []
      }
    }),
  )
  const jobs = sorted(pages.flat(), query)
  const mayHaveMore = query.behind === null && pages.some((page) => page.length === take)
  return { jobs: jobs.slice(0, query.size), hasMore: jobs.length > query.size || mayHaveMore, outages }
}

/** Where a job stands in the feed. */
export function feedPlace(job: Job): FeedPlace {
  return { time: job.createdAt?.getTime() ?? 0, id: encodeJobId(job.address) }
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

/** The vendors were asked for these statuses as far as they could be; this leaves out the rest. A job of two lists counts once. */
function sorted(jobs: readonly Job[], { statuses, behind }: FeedQuery): Job[] {
  const places = new Map(jobs.map((job) => [encodeJobId(job.address), job]))
  return [...places.values()]
    .filter((job) => !statuses || statuses.includes(job.state.status))
    .map((job) => ({ job, place: feedPlace(job) }))
    .filter(({ place }) => behind === null || byPlace(behind, place) < 0)
    .sort((a, b) => byPlace(a.place, b.place))
    .map(({ job }) => job)
}

function byPlace(a: FeedPlace, b: FeedPlace): number {
  return b.time - a.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

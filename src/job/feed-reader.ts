import { DocketError } from './errors.js'
import { byPlace, feedPlace, type FeedPlace } from './feed-place.js'
import type { Job } from './job.js'
import type { JobSource, SourceFilter } from './vendor.js'

export interface PlacedJob {
  readonly job: Job
  readonly place: FeedPlace
}

/** One source of the feed, read a page at a time. */
export interface FeedReader {
  /** Fetches pages until there is a next job, if there is any. */
  fill(): Promise<void>
  /** The next job; undefined when there is none, or none fetched. */
  head(): PlacedJob | undefined
  /** Takes the next job, which there must be. */
  take(): PlacedJob
  /** Whether jobs are left, here or at the vendor. */
  mayHaveMore(): boolean
  /** The place of the last job that was looked at, wanted or not. */
  lastSeen(): FeedPlace | null
}

export interface ReaderQuery extends SourceFilter {
  readonly size: number
  readonly behind: FeedPlace | null
}

/** A page behind the first one begins with what was shown before, so it pays to read much at a time. */
const LARGE_PAGE = 100
/** However deep somebody pages, one query reads no more than this of a source. */
const MAX_PAGES = 10

/**
 * The jobs of a source that are wanted and lie behind `behind`. The vendor was asked for them as far as it could be;
 * what it gives beside is left out. Pages are sorted in themselves and taken to follow each other newest first.
 * @param onOutage told when the source fails; it has no more jobs then
 */
export function createFeedReader(source: JobSource, query: ReaderQuery, onOutage: (error: DocketError) => void): FeedReader {
  const { statuses, behind } = query
  let size = behind === null ? query.size : LARGE_PAGE
  let page = 0
  let isRead = false
  let buffer: PlacedJob[] = []
  let seen: FeedPlace | null = null

  function isWanted({ job, place }: PlacedJob): boolean {
    return (!statuses || statuses.includes(job.state.status)) && (behind === null || byPlace(behind, place) < 0)
  }

  async function fetch(): Promise<void> {
    const answer = await source.page(++page, size)
    isRead = answer.isLast
    size = answer.cap ?? size
    const placed = answer.items.map((job) => ({ job, place: feedPlace(job) })).sort((a, b) => byPlace(a.place, b.place))
    seen = placed.at(-1)?.place ?? seen
    buffer = placed.filter(isWanted)
  }

  return {
    async fill() {
      try {
        while (buffer.length === 0 && !isRead && page < MAX_PAGES) await fetch()
      } catch (error) {
        if (!(error instanceof DocketError)) throw error
        isRead = true
        onOutage(error)
      }
    },
    head: () => buffer[0],
    take: () => buffer.shift()!,
    mayHaveMore: () => buffer.length > 0 || !isRead,
    lastSeen: () => seen,
  }
}

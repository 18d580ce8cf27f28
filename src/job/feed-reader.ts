import { DocketError } from './errors.js'
import { feedTime, isBehind, type FeedPlace } from './feed-place.js'
import type { Job } from './job.js'
import type { JobSource, SourceFilter } from './vendor.js'

/** One source of the feed, read a page at a time. */
export interface FeedReader {
  /** Fetches pages until there is a next job, if there is any. */
  fill(): Promise<void>
  /** The next job; undefined when there is none, or none fetched. */
  head(): Job | undefined
  /** Takes the next job, which there must be. */
  take(): Job
  /** Whether jobs are left, here or at the vendor. */
  mayHaveMore(): boolean
}

export interface ReaderQuery extends SourceFilter {
  /** How many jobs the feed wants at most. */
  readonly size: number
  /** Only jobs behind this place; null for the newest. */
  readonly behind: FeedPlace | null
}

/** Where most of a page is not wanted, it pays to read much at a time. */
const LARGE_PAGE = 100
/** However deep somebody pages, one query reads no more pages than these of a source. */
export const MAX_PAGES = 10

/**
 * The jobs of a source that are wanted and lie behind `behind`. The vendor was asked for them as far as it could be;
 * what it gives beside is left out. Pages are sorted in themselves and taken to follow each other newest first.
 * @param onOutage told when the source fails; it has no more jobs then
 */
export function createFeedReader(
  source: JobSource,
  query: ReaderQuery,
  onOutage: (error: DocketError) => void,
): FeedReader {
  const { statuses, behind } = query
  let size = behind === null ? query.size : LARGE_PAGE
  let cap: number | null = null
  let page = 0
  let reads = 0
  let isRead = false
  let buffer: Job[] = []

  function isWanted(job: Job): boolean {
    return (!statuses || statuses.includes(job.state.status)) && (behind === null || isBehind(behind, job))
  }

  /** Jobs without a date come last, so they wait for all the others. */
  function isReady(): boolean {
    return buffer[0] !== undefined && feedTime(buffer[0]) > 0
  }

  async function fetch(): Promise<void> {
    const answer = await source.page(++page, size)
    const wanted = answer.items.filter(isWanted)
    buffer = [...buffer, ...wanted].sort((a, b) => feedTime(b) - feedTime(a))
    isRead = answer.isLast || ++reads === MAX_PAGES
    if (answer.cap !== null) size = cap = answer.cap
    else if (buffer.length === 0 && cap === null && size < LARGE_PAGE) [page, size] = [0, LARGE_PAGE]
  }

  return {
    async fill() {
      try {
        while (!isReady() && !isRead) await fetch()
      } catch (error) {
        if (!(error instanceof DocketError)) throw error
        isRead = true
        onOutage(error)
      }
    },
    head: () => buffer[0],
    take: () => buffer.shift()!,
    mayHaveMore: () => buffer.length > 0 || !isRead,
  }
}

import type { FeedReader } from './feed-reader.js'
import { advanceCursor, START, feedTime, type KeysetCursor } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'

export interface MergedJob {
  readonly job: Job
  /** The cursor of this job: the next page starts after it. */
  readonly keyset: KeysetCursor
}

export interface MergeResult<Reader> {
  readonly jobs: readonly MergedJob[]
  /** The cursor of the whole page; null when the merge started without a cursor and found nothing. */
  readonly keyset: KeysetCursor | null
  readonly hasMore: boolean
  /** The reader whose remaining jobs of one timestamp are skipped, because a cursor cannot hold more row keys. */
  readonly skipped: Reader | null
}

/** The row keys of one timestamp are the longest part of a cursor: 5000 of them take 40 kB. */
const MAX_SHOWN_PER_TIMESTAMP = 5000

/**
 * A k-way merge, newest first. It fills a reader only when that reader's unread jobs may come next. A reader that is
 * out of quota ends the page: jobs of other readers that passed it would hide its own from every later page.
 */
export async function mergeLists<Reader extends FeedReader>(
  readers: readonly Reader[],
  size: number,
  after: KeysetCursor | null,
  maxShown = MAX_SHOWN_PER_TIMESTAMP,
): Promise<MergeResult<Reader>> {
  const jobs = new Map<string, MergedJob>()
  let keyset = after
  let skipped: Reader | null = null
  while (jobs.size < size) {
    const next = newestReader(readers)
    const ahead = readers.filter((reader) => (reader.watermark() ?? -1) > (next ? timeOf(next) : -1))
    const readable = ahead.filter((reader) => !reader.isOutOfQuota())
    if (readable.length > 0) {
      const reordered = await Promise.all(readable.map((reader) => reader.fill()))
      if (!reordered.includes(true)) continue
      readers.forEach((reader) => reader.rewind())
      jobs.clear()
      keyset = after
      continue
    }
    if (ahead.length > 0) {
      keyset = notNewerThan(keyset, Math.max(...ahead.map((reader) => reader.watermark()!)))
      break
    }
    if (next === null) break
    const job = next.peek()!
    if (keyset?.time === feedTime(job) && keyset.shown.length >= maxShown) {
      skipped = next
      if (keyset.time > 0) keyset = { time: keyset.time - 1, shown: [] }
      break
    }
    next.take()
    const id = encodeJobId(job.address)
    // A job whose status changes during the merge can appear in the lists of both statuses.
    if (!jobs.has(id)) jobs.set(id, { job, keyset: (keyset = advanceCursor(keyset, job)) })
  }
  const isLastTimestamp = skipped !== null && timeOf(skipped) === 0
  const hasMore =
    !isLastTimestamp && readers.some((reader) => reader.peek() !== undefined || reader.watermark() !== null)
  return { jobs: [...jobs.values()], keyset, hasMore, skipped }
}

/** The reader with the newest next job; null when no reader has one buffered. */
function newestReader<Reader extends FeedReader>(readers: readonly Reader[]): Reader | null {
  return readers.reduce<Reader | null>((newest, reader) => {
    if (reader.peek() === undefined) return newest
    return newest === null || timeOf(reader) > timeOf(newest) ? reader : newest
  }, null)
}

function timeOf(reader: FeedReader): number {
  return feedTime(reader.peek()!)
}

/** Moves the cursor down to `time`: every newer job was returned or filtered out. */
function notNewerThan(keyset: KeysetCursor | null, time: number): KeysetCursor {
  if (time === Infinity) return keyset ?? START
  return keyset !== null && keyset.time <= time ? keyset : { time, shown: [] }
}

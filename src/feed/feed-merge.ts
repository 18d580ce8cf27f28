import type { FeedReader } from './feed-reader.js'
import { advanceCursor, START, feedTime, type KeysetCursor } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'

export interface MergedJob {
  readonly job: Job
  /** Where to go on behind it. */
  readonly keyset: KeysetCursor
}

export interface MergeResult<Reader> {
  readonly jobs: readonly MergedJob[]
  /** Where to go on behind all of it; null when it began nowhere and came to nothing. */
  readonly keyset: KeysetCursor | null
  readonly hasMore: boolean
  /** Of whose jobs the rest of one moment is left out, because a cursor cannot hold more. */
  readonly skipped: Reader | null
}

/** What a cursor holds of jobs of one moment is its longest part: of so many it is forty kilobytes. */
const MAX_SHOWN_PER_TIMESTAMP = 5000

/**
 * A k-way merge, newest first. A reader is made to read only when what it has not read yet may come next. One that
 * may not read so much ends the page, for whoever overtook it would never see its jobs.
 */
export async function mergeLists<Reader extends FeedReader>(
  readers: readonly Reader[],
  size: number,
  behind: KeysetCursor | null,
  maxShown = MAX_SHOWN_PER_TIMESTAMP,
): Promise<MergeResult<Reader>> {
  const jobs = new Map<string, MergedJob>()
  let place = behind
  let leftOut: Reader | null = null
  while (jobs.size < size) {
    const next = newest(readers)
    const ahead = readers.filter((reader) => (reader.watermark() ?? -1) > (next ? timeOf(next) : -1))
    const readable = ahead.filter((reader) => !reader.isOutOfQuota())
    if (readable.length > 0) {
      const reordered = await Promise.all(readable.map((reader) => reader.fill()))
      if (!reordered.includes(true)) continue
      readers.forEach((reader) => reader.rewind())
      jobs.clear()
      place = behind
      continue
    }
    if (ahead.length > 0) {
      place = atMost(place, Math.max(...ahead.map((reader) => reader.watermark()!)))
      break
    }
    if (next === null) break
    const job = next.peek()!
    if (place?.time === feedTime(job) && place.shown.length >= maxShown) {
      leftOut = next
      if (place.time > 0) place = { time: place.time - 1, shown: [] }
      break
    }
    next.take()
    const id = encodeJobId(job.address)
    // A job that changes meanwhile can be found in the lists of two states.
    if (!jobs.has(id)) jobs.set(id, { job, keyset: (place = advanceCursor(place, job)) })
  }
  const isOver = leftOut !== null && timeOf(leftOut) === 0
  const hasMore = !isOver && readers.some((reader) => reader.peek() !== undefined || reader.watermark() !== null)
  return { jobs: [...jobs.values()], keyset: place, hasMore, skipped: leftOut }
}

/** The reader whose next job comes first. */
function newest<Reader extends FeedReader>(readers: readonly Reader[]): Reader | null {
  return readers.reduce<Reader | null>((first, reader) => {
    if (reader.peek() === undefined) return first
    return first === null || timeOf(reader) > timeOf(first) ? reader : first
  }, null)
}

function timeOf(reader: FeedReader): number {
  return feedTime(reader.peek()!)
}

/** Everything newer than `time` has been shown, or is not wanted. */
function atMost(place: KeysetCursor | null, time: number): KeysetCursor {
  if (time === Infinity) return place ?? START
  return place !== null && place.time <= time ? place : { time, shown: [] }
}

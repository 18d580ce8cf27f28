import type { KeysetCursor } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import type { ListPosition } from './list-position.js'

/** A way through one list, from the newest job that is wanted to the oldest, a page at a time. */
export interface ListScanner {
  /** Reads pages until there is a next job, if there is any and it may read so many. */
  fill(): Promise<void>
  /** The next job; undefined when there is none, or none read. */
  peek(): Job | undefined
  /** Takes the next job, which there must be. */
  take(): void
  /** All that was taken is to be taken again. Nothing is read again. */
  rewind(): void
  /** No job that is yet to be read is newer; null when the next one is known, and when there is none. */
  watermark(): number | null
  /** Whether it may read no more in this query, although there is more. */
  isOutOfQuota(): boolean
  /** Where to go on behind this place; null when that is the list's beginning, as for one that nobody has been in. */
  position(place: KeysetCursor): ListPosition | null
}

/** What a walk goes by. */
export interface ScanOptions {
  /** Behind which place jobs are wanted; null for the newest. */
  readonly after: KeysetCursor | null
  /** Whether a job is wanted: behind the place, and what was asked for. */
  readonly isWanted: (job: Job) => boolean
}

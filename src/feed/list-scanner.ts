import type { KeysetCursor } from './keyset-cursor.js'
import type { Job } from '../job/job.js'
import type { ListPosition } from './list-position.js'

/** Iterates over the wanted jobs of one list, newest first, reading a page at a time. */
export interface ListScanner {
  /** Reads pages until the next job is buffered, the list ends or the quota is exhausted. */
  fill(): Promise<void>
  /** The next job; undefined when none is buffered. */
  peek(): Job | undefined
  /** Removes the next job from the buffer. Call it only when {@link peek} returns one. */
  take(): void
  /** Starts over with the first buffered job. Reads nothing. */
  rewind(): void
  /** The upper bound of the times of all unread jobs; null when the next job is buffered or none is left. */
  watermark(): number | null
  /** Whether the quota is exhausted although the list has more. */
  isOutOfQuota(): boolean
  /** Where to resume after this cursor; null for the start of the list. */
  position(keyset: KeysetCursor): ListPosition | null
}

export interface ScanOptions {
  /** Null when the feed starts with the newest job. */
  readonly after: KeysetCursor | null
  /** Whether a job comes after the cursor and matches the filter. */
  readonly isWanted: (job: Job) => boolean
}

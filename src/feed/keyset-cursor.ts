import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { shortHash } from './short-hash.js'

/**
 * A keyset cursor of the feed, which is sorted by creation time, newest first. Many jobs may share a timestamp, for
 * example where a vendor gives only the day, and their order is not stable. So the cursor lists those already shown.
 */
export interface KeysetCursor {
  /** Epoch ms; 0 for jobs without a creation time, so that they come last. */
  readonly time: number
  /** Row keys of the jobs of exactly this timestamp that were shown. */
  readonly shown: readonly string[]
}

/** Newer than any job can be. */
export const START: KeysetCursor = { time: Date.UTC(10_000, 0), shown: [] }

/** The sort key of a job: epoch ms, 0 without a creation time. */
export function feedTime(job: Job): number {
  return Math.max(0, job.createdAt?.getTime() ?? 0)
}

export function isDated(job: Job): boolean {
  return feedTime(job) > 0
}

export function isAfter(keyset: KeysetCursor, job: Job): boolean {
  const time = feedTime(job)
  return time < keyset.time || (time === keyset.time && !isAlreadyShown(keyset, job))
}

export function isAlreadyShown(keyset: KeysetCursor, job: Job): boolean {
  return feedTime(job) === keyset.time && keyset.shown.includes(rowKeyOf(job))
}

/** The cursor after this job was shown as well. */
export function advanceCursor(keyset: KeysetCursor | null, job: Job): KeysetCursor {
  const time = feedTime(job)
  const shown = keyset?.time === time ? keyset.shown : []
  return { time, shown: [...shown, rowKeyOf(job)] }
}

export function rowKeyOf(job: Job): string {
  return shortHash(encodeJobId(job.address))
}

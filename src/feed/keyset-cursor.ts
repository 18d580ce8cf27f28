import type { Job } from '../job/job.js'
import { encodeJobId } from '../job/job-id.js'
import { shortHash } from './short-hash.js'

/**
 * How far somebody has come in the feed, which is sorted by time of creation, newest first. Many jobs may share a
 * time, where a vendor gives the day alone, and in no order that can be relied on: those shown are kept by mark.
 */
export interface KeysetCursor {
  /** Epoch ms; 0 for jobs that do not say when they were created, so that they come last. */
  readonly time: number
  /** Marks of the jobs of this very time that have been shown. */
  readonly shown: readonly string[]
}

/** Newer than any job can be. */
export const START: KeysetCursor = { time: Date.UTC(10_000, 0), shown: [] }

/** The time a job is sorted by. */
export function feedTime(job: Job): number {
  return Math.max(0, job.createdAt?.getTime() ?? 0)
}

/** Whether a job says when it was created. */
export function isDated(job: Job): boolean {
  return feedTime(job) > 0
}

/** Whether a job comes behind a place. */
export function isAfter(place: KeysetCursor, job: Job): boolean {
  const time = feedTime(job)
  return time < place.time || (time === place.time && !isAlreadyShown(place, job))
}

/** Whether a job is among those of the place's own time that have been shown. */
export function isAlreadyShown(place: KeysetCursor, job: Job): boolean {
  return feedTime(job) === place.time && place.shown.includes(rowKeyOf(job))
}

/** The place after this job has been shown, too. */
export function advanceCursor(place: KeysetCursor | null, job: Job): KeysetCursor {
  const time = feedTime(job)
  const shown = place?.time === time ? place.shown : []
  return { time, shown: [...shown, rowKeyOf(job)] }
}

export function rowKeyOf(job: Job): string {
  return shortHash(encodeJobId(job.address))
}

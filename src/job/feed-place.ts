import { createHash } from 'node:crypto'
import type { Job } from './job.js'
import { encodeJobId } from './job-id.js'

/**
 * How far somebody has come in the feed, which is sorted by time of creation, newest first. Many jobs may share a
 * time, where a vendor gives the day alone, and in no order that can be relied on: those shown are kept by mark.
 */
export interface FeedPlace {
  /** Epoch ms; 0 for jobs that do not say when they were created, so that they come last. */
  readonly time: number
  /** Marks of the jobs of this very time that have been shown. */
  readonly shown: readonly string[]
}

/** The time a job is sorted by. */
export function feedTime(job: Job): number {
  return job.createdAt?.getTime() ?? 0
}

/** Whether a job comes behind a place. */
export function isBehind(place: FeedPlace, job: Job): boolean {
  const time = feedTime(job)
  return time < place.time || (time === place.time && !place.shown.includes(markOf(job)))
}

/** The place after this job has been shown, too. */
export function advance(place: FeedPlace | null, job: Job): FeedPlace {
  const time = feedTime(job)
  const shown = place?.time === time ? place.shown : []
  return { time, shown: [...shown, markOf(job)] }
}

/** Short, for it only has to tell the jobs of one moment apart. */
function markOf(job: Job): string {
  return createHash('sha256').update(encodeJobId(job.address)).digest('base64url').slice(0, 8)
}

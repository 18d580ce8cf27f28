import type { Job } from './job.js'
import { encodeJobId } from './job-id.js'

/** What the feed is sorted by: time of creation, newest first, then id. Neither changes, so a place stays true. */
export interface FeedPlace {
  /** Epoch ms; 0 for a job that does not say when it was created, so that it comes last. */
  readonly time: number
  readonly id: string
}

/** Where a job stands in the feed. */
export function feedPlace(job: Job): FeedPlace {
  return { time: job.createdAt?.getTime() ?? 0, id: encodeJobId(job.address) }
}

/** For sorting: below zero when `a` comes before `b`. */
export function byPlace(a: FeedPlace, b: FeedPlace): number {
  return b.time - a.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { isTerminal, type JobState } from '../job/state.js'

/** Somebody who watches one job. */
export interface Subscriber {
  /** What is wanted of the job. */
  readonly selection: Selection
  /** @param lookedAt when the look began, in the ms of `performance.now()` */
  next(job: Job, lookedAt: number): void
  /** Told when the job cannot be read; more may follow. */
  error(error: Error): void
  /** Nothing follows: the job has ended, or will never be readable. */
  complete(): void
}

/** What one viewer knows so far. */
export interface SubscriberState {
  /** Shows the job if it is news: of two looks the one that began later is the newer. Says whether the job has ended. */
  publish(job: Job, lookedAt: number): boolean
  /** Tells of a failure that may pass, once until something can be shown again. */
  publishError(error: Error): void
  /** The print of what was shown last; null when that was nothing, or a failure. */
  lastFingerprint(): string | null
}

/** A view in which nothing was seen yet. */
export function createSubscriberState(viewer: Subscriber): SubscriberState {
  let seen: string | null = null
  let seenAt = -Infinity
  let isFailing = false
  return {
    publish(job, lookedAt) {
      if (lookedAt < seenAt) return false
      seenAt = lookedAt
      const print = fingerprintOf(job)
      // After a failure the present is news, even if it is what it was before.
      if (print !== seen || isFailing) viewer.next(job, lookedAt)
      seen = print
      isFailing = false
      return isTerminal(job.state)
    },
    publishError(error) {
      if (!isFailing) viewer.error(error)
      isFailing = true
    },
    lastFingerprint: () => (isFailing ? null : seen),
  }
}

/** The same for as long as nothing happens that a viewer wants to know: status, progress and failure. */
export function fingerprintOf({ vendorStatus, state }: Job): string {
  return JSON.stringify([vendorStatus, state.status, progressOf(state)])
}

/** What else a state has depends on how the job was read, or comes with its status. */
function progressOf(state: JobState): number | null {
  return state.status === 'RUNNING' ? state.progress : null
}

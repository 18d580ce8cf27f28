import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { isTerminal, type JobState } from '../job/state.js'

/** Somebody who watches one job. */
export interface Viewer {
  /** What is wanted of the job. */
  readonly selection: Selection
  /** @param lookedAt when the look began, in the ms of `performance.now()` */
  show(job: Job, lookedAt: number): void
  /** Told when the job cannot be read; more may follow. */
  fail(error: Error): void
  /** Nothing follows: the job has ended, or will never be readable. */
  end(): void
}

/** What one viewer knows so far. */
export interface View {
  /** Shows the job if it is news: of two looks the one that began later is the newer. Says whether the job has ended. */
  show(job: Job, lookedAt: number): boolean
  /** Tells of a failure that may pass, once until something can be shown again. */
  fail(error: Error): void
  /** The print of what was shown last; null when that was nothing, or a failure. */
  shown(): string | null
}

/** A view in which nothing was seen yet. */
export function createView(viewer: Viewer): View {
  let seen: string | null = null
  let seenAt = -Infinity
  let isFailing = false
  return {
    show(job, lookedAt) {
      if (lookedAt < seenAt) return false
      seenAt = lookedAt
      const print = printOf(job)
      // After a failure the present is news, even if it is what it was before.
      if (print !== seen || isFailing) viewer.show(job, lookedAt)
      seen = print
      isFailing = false
      return isTerminal(job.state)
    },
    fail(error) {
      if (!isFailing) viewer.fail(error)
      isFailing = true
    },
    shown: () => (isFailing ? null : seen),
  }
}

/** The same for as long as nothing happens that a viewer wants to know: status, progress and failure. */
export function printOf({ vendorStatus, state }: Job): string {
  return JSON.stringify([vendorStatus, state.status, progressOf(state)])
}

/** What else a state has depends on how the job was read, or comes with its status. */
function progressOf(state: JobState): number | null {
  return state.status === 'RUNNING' ? state.progress : null
}

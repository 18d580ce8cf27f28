import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { isTerminal, type JobState } from '../job/state.js'

/** Receives the updates of one watched job. */
export interface Subscriber {
  /** The fields it needs. */
  readonly selection: Selection
  /** @param polledAt when the poll started, in the ms of `performance.now()` */
  next(job: Job, polledAt: number): void
  /** The job cannot be read; updates may follow. */
  error(error: Error): void
  /** Nothing follows: the job is terminal or permanently unreadable. */
  complete(): void
}

/** What one subscriber has received so far. It decides whether a poll is an update for it. */
export interface SubscriberState {
  /**
   * Passes the job on if it changed. Ignores a poll that started before the last one.
   * @returns whether the job is terminal
   */
  publish(job: Job, polledAt: number): boolean
  /** Passes a transient failure on, once until the next successful poll. */
  publishError(error: Error): void
  /** The fingerprint of the last update; null when the subscriber received nothing, or a failure since. */
  lastFingerprint(): string | null
}

export function createSubscriberState(subscriber: Subscriber): SubscriberState {
  let fingerprint: string | null = null
  let lastPolledAt = -Infinity
  let isFailing = false
  return {
    publish(job, polledAt) {
      if (polledAt < lastPolledAt) return false
      lastPolledAt = polledAt
      const current = fingerprintOf(job)
      // After a failure the state is an update even if it is the same as before.
      if (current !== fingerprint || isFailing) subscriber.next(job, polledAt)
      fingerprint = current
      isFailing = false
      return isTerminal(job.state)
    },
    publishError(error) {
      if (!isFailing) subscriber.error(error)
      isFailing = true
    },
    lastFingerprint: () => (isFailing ? null : fingerprint),
  }
}

/** A digest of what subscribers are notified about: status and progress. */
export function fingerprintOf({ vendorStatus, state }: Job): string {
  return JSON.stringify([vendorStatus, state.status, progressOf(state)])
}

/** The other facts of a state come with its status, or depend on which fields were read. */
function progressOf(state: JobState): number | null {
  return state.status === 'RUNNING' ? state.progress : null
}

import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { createSubscriberState, type SubscriberState, type Subscriber } from './subscriber.js'

/** Everybody who watches one job on this instance, and what each of them has been shown. */
export interface Subscribers {
  add(viewer: Subscriber): void
  /** Whether the viewer was there. */
  remove(viewer: Subscriber): boolean
  all(): readonly Subscriber[]
  /** Shows the job to those of them who are still there. Gives back those for whom that was the last of it. */
  publish(viewers: readonly Subscriber[], job: Job, lookedAt: number): readonly Subscriber[]
  /** Tells all of a failure that may pass. */
  publishError(error: Error): void
  /** Whether somebody was shown nothing yet, or a failure since. */
  hasUnserved(): boolean
  /** Whether somebody was shown something else last. */
  isStale(print: string): boolean
}

export function createSubscribers(): Subscribers {
  const views = new Map<Subscriber, SubscriberState>()
  const some = (test: (view: SubscriberState) => boolean) => [...views.values()].some(test)
  return {
    add: (viewer) => void views.set(viewer, createSubscriberState(viewer)),
    remove: (viewer) => views.delete(viewer),
    all: () => [...views.keys()],
    publish: (viewers, job, lookedAt) => viewers.filter((viewer) => views.get(viewer)?.publish(job, lookedAt)),
    publishError(error) {
      for (const view of views.values()) view.publishError(error)
    },
    hasUnserved: () => some((view) => view.lastFingerprint() === null),
    isStale: (print) => some((view) => view.lastFingerprint() !== null && view.lastFingerprint() !== print),
  }
}

/** Everything that any of them wants. */
export function unionSelection(viewers: readonly Subscriber[]): Selection {
  return (...path) => new Set(viewers.flatMap(({ selection }) => [...selection(...path)]))
}

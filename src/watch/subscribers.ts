import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { createSubscriberState, type SubscriberState, type Subscriber } from './subscriber.js'

/** The subscribers of one job on this instance, each with the state that it has received. */
export interface Subscribers {
  add(subscriber: Subscriber): void
  /** Returns whether the subscriber was present. */
  remove(subscriber: Subscriber): boolean
  all(): readonly Subscriber[]
  /** Sends the job to those of the targets that are still present. Returns those for which it is terminal. */
  publish(targets: readonly Subscriber[], job: Job, polledAt: number): readonly Subscriber[]
  /** Sends a transient failure to all. */
  publishError(error: Error): void
  /** Whether any subscriber has received nothing yet, or a failure since. */
  hasUnserved(): boolean
  /** Whether any subscriber's last update has another fingerprint. */
  isStale(fingerprint: string): boolean
}

export function createSubscribers(): Subscribers {
  const states = new Map<Subscriber, SubscriberState>()
  const lastFingerprints = () => [...states.values()].map((state) => state.lastFingerprint())
  return {
    add: (subscriber) => void states.set(subscriber, createSubscriberState(subscriber)),
    remove: (subscriber) => states.delete(subscriber),
    all: () => [...states.keys()],
    publish: (targets, job, polledAt) => targets.filter((target) => states.get(target)?.publish(job, polledAt)),
    publishError(error) {
      for (const state of states.values()) state.publishError(error)
    },
    hasUnserved: () => lastFingerprints().includes(null),
    isStale: (fingerprint) => lastFingerprints().some((last) => last !== null && last !== fingerprint),
  }
}

/** Selects every field that any of them needs. */
export function unionSelection(subscribers: readonly Subscriber[]): Selection {
  return (...path) => new Set(subscribers.flatMap(({ selection }) => [...selection(...path)]))
}

import { setMaxListeners } from 'node:events'
import type { VendorError } from '../job/errors.js'
import type { JobAddress } from '../job/job.js'
import type { Vendor } from '../job/vendor.js'
import { createSubscribers, unionSelection } from './subscribers.js'
import { pollJob, isTransient, type PollOptions, type PollReason } from './poll.js'
import { createOutageTracker } from './outage-tracker.js'
import { nextPollInterval, type PollIntervalBounds } from './poll-interval.js'
import type { Ticker } from './ticker.js'
import { fingerprintOf, type Subscriber } from './subscriber.js'

/** The poller of one job: polls it on the leader and feeds the subscribers of this instance. */
export interface WatchedJob {
  /** Sends the subscriber the current state, then every change. Returns a function that unsubscribes. */
  subscribe(subscriber: Subscriber): () => void
  /** Moves the next poll to the next tick, because the job has probably changed. */
  pollSoon(): void
  /** Sets whether this instance polls the job for all others. */
  setLeader(isLeader: boolean): void
  /** The leader published a state. */
  onLeaderUpdate(fingerprint: string): void
  /** The leader cannot read the job. */
  onLeaderOutage(error: VendorError): void
  /** Reads the job again, because messages of the leader may have been lost. */
  resync(): void
}

export interface WatchedJobOptions extends PollOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly bounds: PollIntervalBounds
  readonly ticker: Ticker
  /** How long subscribers are not told of transient failures, in ms. */
  readonly outageGraceMs: number
  /** Called on the leader with each state that the followers need. */
  readonly onUpdate: (fingerprint: string) => void
  /** Called on the leader with an outage that the followers need to know of. */
  readonly onOutage: (error: VendorError) => void
  /** Called on a follower that saw a change before the leader. */
  readonly onChangeSeen: () => void
  /** The last subscriber left. */
  readonly onEmpty: () => void
}

/** How often an unchanged state is published again, for followers that missed it. */
const REPUBLISH_MS = 5000

export function watchJob(options: WatchedJobOptions): WatchedJob {
  const { bounds, ticker, onUpdate, onOutage, onChangeSeen, onEmpty } = options
  const subscribers = createSubscribers()
  const outage = createOutageTracker(options)
  const abort = new AbortController()
  let isLeader = false
  let seen: { readonly fingerprint: string; readonly polledAt: number } | null = null
  let published: { readonly fingerprint: string; readonly at: number } | null = null
  let changedAt = performance.now()
  /** Null while no poll is scheduled. */
  let cancelScheduled: (() => void) | null = null
  let isPolling = false
  let isPollRequested = false

  // Every poll listens to this signal; Node warns of a leak after ten listeners.
  setMaxListeners(0, abort.signal)

  /** Reads the job and sends it to these subscribers. */
  async function poll(reason: PollReason, targets = subscribers.all()): Promise<void> {
    if (targets.length === 0) return
    const polledAt = performance.now()
    try {
      const job = await pollJob({ ...options, selection: unionSelection(targets), reason, signal: abort.signal })
      recordState(fingerprintOf(job), polledAt)
      for (const subscriber of subscribers.publish(targets, job, polledAt)) complete(subscriber)
    } catch (error) {
      if (abort.signal.aborted) return
      if (isTransient(error)) recordFailure(error, polledAt)
      else for (const subscriber of targets) complete(subscriber, error as Error)
    }
  }

  function recordState(fingerprint: string, polledAt: number): void {
    outage.recordSuccess()
    if (seen !== null && polledAt < seen.polledAt) return
    if (seen !== null && fingerprint !== seen.fingerprint) changedAt = performance.now()
    seen = { fingerprint, polledAt }
    const isPublished = published?.fingerprint === fingerprint && performance.now() - published.at < REPUBLISH_MS
    if (!isLeader || isPublished) return
    published = { fingerprint, at: performance.now() }
    onUpdate(fingerprint)
  }

  function recordFailure(error: VendorError, polledAt: number): void {
    if (!outage.recordFailure(error, polledAt)) return
    subscribers.publishError(error)
    if (isLeader) onOutage(error)
  }

  /** Schedules the next poll on the leader, and on a follower during an outage or for subscribers without a state. */
  function schedulePoll(delayMs: number): void {
    const isNeeded = isLeader || outage.isActive() || subscribers.hasUnserved()
    if (cancelScheduled !== null || isPolling || subscribers.all().length === 0 || !isNeeded) return
    cancelScheduled = ticker.schedule(delayMs, () => void runScheduledPoll())
  }

  async function runScheduledPoll(): Promise<void> {
    cancelScheduled = null
    isPolling = true
    isPollRequested = false
    await poll('scheduled')
    isPolling = false
    schedulePoll(isPollRequested && !outage.isActive() ? 0 : nextDelayMs())
  }

  function nextDelayMs(): number {
    return outage.isActive() ? outage.backoffMs() : nextPollInterval(performance.now() - changedAt, bounds)
  }

  function pollSoon(): void {
    changedAt = performance.now()
    isPollRequested = true
    // The backoff of an outage is never shortened.
    if (outage.isActive()) return
    cancelPoll()
    schedulePoll(0)
  }

  function cancelPoll(): void {
    cancelScheduled?.()
    cancelScheduled = null
  }

  /** Does nothing if the subscriber has left, or was completed by a concurrent poll. */
  function complete(subscriber: Subscriber, error?: Error): void {
    if (!unsubscribe(subscriber)) return
    if (error) subscriber.error(error)
    subscriber.complete()
  }

  function unsubscribe(subscriber: Subscriber): boolean {
    const wasPresent = subscribers.remove(subscriber)
    if (wasPresent && subscribers.all().length === 0) {
      cancelPoll()
      abort.abort()
      onEmpty()
    }
    return wasPresent
  }

  async function onSubscribed(subscriber: Subscriber): Promise<void> {
    await poll('subscribe', [subscriber])
    if (seen === null || !subscribers.isStale(seen.fingerprint)) return schedulePoll(nextDelayMs())
    // This poll saw a change that the other subscribers have not received yet.
    if (isLeader) return pollSoon()
    onChangeSeen()
    await catchUp(seen.fingerprint)
  }

  /** @param fingerprint the state that was seen elsewhere; null when it is unknown */
  async function catchUp(fingerprint: string | null): Promise<void> {
    if (fingerprint === null || subscribers.isStale(fingerprint)) await poll('leader-update')
    // The cached job may be older than the update.
    if (fingerprint !== null && subscribers.isStale(fingerprint)) await poll('scheduled')
    schedulePoll(nextDelayMs())
  }

  /** Polls first, because the outage may affect the leader alone. */
  async function confirmOutage(error: VendorError): Promise<void> {
    await poll('scheduled')
    if (outage.isActive()) subscribers.publishError(error)
    schedulePoll(nextDelayMs())
  }

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber)
      void onSubscribed(subscriber)
      return () => void unsubscribe(subscriber)
    },
    pollSoon,
    setLeader(value) {
      if (value === isLeader) return
      isLeader = value
      published = null
      cancelPoll()
      // A leader ignores the messages of others, so it may have missed an update.
      if (!isLeader) void catchUp(null)
      // The previous leader may have missed a change. Without a state, the first poll is already in flight.
      else schedulePoll(seen === null ? nextDelayMs() : 0)
    },
    onLeaderUpdate(fingerprint) {
      if (!isLeader) void catchUp(fingerprint)
    },
    onLeaderOutage(error) {
      if (!isLeader) void confirmOutage(error)
    },
    resync() {
      if (!isLeader) void catchUp(null)
    },
  }
}

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

/** One job, looked at for all who watch it. */
export interface WatchedJob {
  /** The viewer is shown the job now, and from then on when something happens to it. Returns what takes the viewer out. */
  subscribe(viewer: Subscriber): () => void
  /** Something is likely to have happened: looks at the next moment there is. */
  pollSoon(): void
  /** Whether it is this instance that looks for all the others. */
  setLeader(isLeader: boolean): void
  /** The one who looks has seen it so. */
  onLeaderUpdate(print: string): void
  /** The one who looks cannot see it. */
  onLeaderOutage(error: VendorError): void
  /** What the one who looks has seen may not have been heard. */
  resync(): void
}

export interface WatchedJobOptions extends PollOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly bounds: PollIntervalBounds
  readonly ticker: Ticker
  /** How long failures that may pass are kept from the viewers, in ms. */
  readonly outageGraceMs: number
  /** Told of what the leader sees and those who follow have to know. */
  readonly onUpdate: (print: string) => void
  /** The same for a failure. */
  readonly onOutage: (error: VendorError) => void
  /** Told when the leader has to look. */
  readonly onChangeSeen: () => void
  /** Nobody watches it any more. */
  readonly onEmpty: () => void
}

/** What was told is told again after so long, for whoever has not heard it. */
const REPUBLISH_MS = 5000

/** A job that nobody watches yet. */
export function watchJob(options: WatchedJobOptions): WatchedJob {
  const { bounds, ticker, onUpdate, onOutage, onChangeSeen, onEmpty } = options
  const audience = createSubscribers()
  const outage = createOutageTracker(options)
  const left = new AbortController()
  let leads = false
  let seen: { readonly print: string; readonly at: number } | null = null
  let told: { readonly print: string; readonly at: number } | null = null
  let changedAt = performance.now()
  /** Calls off the next look; null while none is planned. */
  let callOff: (() => void) | null = null
  let isPolling = false
  let isWoken = false

  // Each look listens whether anybody is still there: for Node, more than ten look like a leak.
  setMaxListeners(0, left.signal)

  async function look(urgency: PollReason, viewers = audience.all()): Promise<void> {
    if (viewers.length === 0) return
    const lookedAt = performance.now()
    try {
      const job = await pollJob({
        ...options,
        selection: unionSelection(viewers),
        reason: urgency,
        signal: left.signal,
      })
      note(fingerprintOf(job), lookedAt)
      for (const viewer of audience.publish(viewers, job, lookedAt)) finish(viewer)
    } catch (error) {
      if (left.signal.aborted) return
      if (isTransient(error)) noteFailure(error, lookedAt)
      else for (const viewer of viewers) finish(viewer, error as Error)
    }
  }

  function note(print: string, lookedAt: number): void {
    outage.recordSuccess()
    if (seen !== null && lookedAt < seen.at) return
    if (seen !== null && print !== seen.print) changedAt = performance.now()
    seen = { print, at: lookedAt }
    if (!leads || (told?.print === print && performance.now() - told.at < REPUBLISH_MS)) return
    told = { print, at: performance.now() }
    onUpdate(print)
  }

  function noteFailure(error: VendorError, lookedAt: number): void {
    if (!outage.recordFailure(error, lookedAt)) return
    audience.publishError(error)
    if (leads) onOutage(error)
  }

  /** Plans the next look, if it is to be made here. Those who lack something do not rely on a leader. */
  function plan(pauseMs: number): void {
    const isNeeded = leads || outage.isActive() || audience.hasUnserved()
    if (callOff !== null || isPolling || audience.all().length === 0 || !isNeeded) return
    callOff = ticker.schedule(pauseMs, () => void poll())
  }

  async function poll(): Promise<void> {
    callOff = null
    isPolling = true
    isWoken = false
    await look('polled')
    isPolling = false
    plan(isWoken && !outage.isActive() ? 0 : pause())
  }

  function pause(): number {
    return outage.isActive() ? outage.backoffMs() : nextPollInterval(performance.now() - changedAt, bounds)
  }

  function wake(): void {
    changedAt = performance.now()
    isWoken = true
    // Who wants to be left alone for a while is not woken.
    if (outage.isActive()) return
    dropPlan()
    plan(0)
  }

  function dropPlan(): void {
    callOff?.()
    callOff = null
  }

  /** Whoever left meanwhile, or was told by another look, is told nothing. */
  function finish(viewer: Subscriber, error?: Error): void {
    if (!leave(viewer)) return
    if (error) viewer.error(error)
    viewer.complete()
  }

  function leave(viewer: Subscriber): boolean {
    const wasThere = audience.remove(viewer)
    if (wasThere && audience.all().length === 0) {
      dropPlan()
      left.abort()
      onEmpty()
    }
    return wasThere
  }

  async function welcome(viewer: Subscriber): Promise<void> {
    await look('asked', [viewer])
    if (seen === null || !audience.isStale(seen.print)) return plan(pause())
    // Who comes saw what others do not know yet.
    if (leads) return wake()
    onChangeSeen()
    await catchUp(seen.print)
  }

  /** @param print how it has been seen elsewhere, if it is known */
  async function catchUp(print: string | null): Promise<void> {
    if (print === null || audience.isStale(print)) await look('followed')
    // What is kept may be older than the news.
    if (print !== null && audience.isStale(print)) await look('polled')
    plan(pause())
  }

  async function shareOutage(error: VendorError): Promise<void> {
    // It may be the leader's own.
    await look('polled')
    if (outage.isActive()) audience.publishError(error)
    plan(pause())
  }

  return {
    subscribe(viewer) {
      audience.add(viewer)
      void welcome(viewer)
      return () => void leave(viewer)
    },
    pollSoon: wake,
    setLeader(isLeader) {
      if (isLeader === leads) return
      leads = isLeader
      told = null
      dropPlan()
      // What the others told while this one led was not listened to.
      if (!leads) void catchUp(null)
      // Whoever led before may have missed something; who has seen nothing yet is looking already.
      else plan(seen === null ? pause() : 0)
    },
    onLeaderUpdate(print) {
      if (!leads) void catchUp(print)
    },
    onLeaderOutage(error) {
      if (!leads) void shareOutage(error)
    },
    resync() {
      if (!leads) void catchUp(null)
    },
  }
}

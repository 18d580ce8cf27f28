import { setMaxListeners } from 'node:events'
import type { VendorError } from '../job/errors.js'
import type { JobAddress } from '../job/job.js'
import type { Vendor } from '../job/vendor.js'
import { createAudience, unionOf } from './audience.js'
import { lookAt, mayPass, type LookOptions, type Urgency } from './look.js'
import { createOutage } from './outage.js'
import { pauseAfter, type Pace } from './pace.js'
import type { Ticker } from './ticker.js'
import { printOf, type Viewer } from './viewer.js'

/** One job, looked at for all who watch it. */
export interface WatchedJob {
  /** The viewer is shown the job now, and from then on when something happens to it. Returns what takes the viewer out. */
  join(viewer: Viewer): () => void
  /** Something is likely to have happened: looks at the next moment there is. */
  wake(): void
  /** Whether it is this instance that looks for all the others. */
  lead(isLeader: boolean): void
  /** The one who looks has seen it so. */
  follow(print: string): void
  /** The one who looks cannot see it. */
  followOutage(error: VendorError): void
  /** What the one who looks has seen may not have been heard. */
  recheck(): void
}

export interface WatchedJobOptions extends LookOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly pace: Pace
  readonly ticker: Ticker
  /** How long failures that may pass are kept from the viewers, in ms. */
  readonly outageMs: number
  /** Told of what the leader sees and those who follow have to know. */
  readonly onNews: (print: string) => void
  /** The same for a failure. */
  readonly onOutage: (error: VendorError) => void
  /** Told when the leader has to look. */
  readonly onWake: () => void
  /** Nobody watches it any more. */
  readonly onEmpty: () => void
}

/** What was told is told again after so long, for whoever has not heard it. */
const TELL_AGAIN_MS = 5000

/** A job that nobody watches yet. */
export function watchJob(options: WatchedJobOptions): WatchedJob {
  const { pace, ticker, onNews, onOutage, onWake, onEmpty } = options
  const audience = createAudience()
  const outage = createOutage(options)
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

  async function look(urgency: Urgency, viewers = audience.viewers()): Promise<void> {
    if (viewers.length === 0) return
    const lookedAt = performance.now()
    try {
      const job = await lookAt({ ...options, selection: unionOf(viewers), urgency, signal: left.signal })
      note(printOf(job), lookedAt)
      for (const viewer of audience.show(viewers, job, lookedAt)) finish(viewer)
    } catch (error) {
      if (left.signal.aborted) return
      if (mayPass(error)) noteFailure(error, lookedAt)
      else for (const viewer of viewers) finish(viewer, error as Error)
    }
  }

  function note(print: string, lookedAt: number): void {
    outage.end()
    if (seen !== null && lookedAt < seen.at) return
    if (seen !== null && print !== seen.print) changedAt = performance.now()
    seen = { print, at: lookedAt }
    if (!leads || (told?.print === print && performance.now() - told.at < TELL_AGAIN_MS)) return
    told = { print, at: performance.now() }
    onNews(print)
  }

  function noteFailure(error: VendorError, lookedAt: number): void {
    if (!outage.add(error, lookedAt)) return
    audience.fail(error)
    if (leads) onOutage(error)
  }

  /** Plans the next look, if it is to be made here. Those who lack something do not rely on a leader. */
  function plan(pauseMs: number): void {
    const isNeeded = leads || outage.isOn() || audience.lacksSomething()
    if (callOff !== null || isPolling || audience.viewers().length === 0 || !isNeeded) return
    callOff = ticker.after(pauseMs, () => void poll())
  }

  async function poll(): Promise<void> {
    callOff = null
    isPolling = true
    isWoken = false
    await look('polled')
    isPolling = false
    plan(isWoken && !outage.isOn() ? 0 : pause())
  }

  function pause(): number {
    return outage.isOn() ? outage.pauseMs() : pauseAfter(performance.now() - changedAt, pace)
  }

  function wake(): void {
    changedAt = performance.now()
    isWoken = true
    // Who wants to be left alone for a while is not woken.
    if (outage.isOn()) return
    dropPlan()
    plan(0)
  }

  function dropPlan(): void {
    callOff?.()
    callOff = null
  }

  /** Whoever left meanwhile, or was told by another look, is told nothing. */
  function finish(viewer: Viewer, error?: Error): void {
    if (!leave(viewer)) return
    if (error) viewer.fail(error)
    viewer.end()
  }

  function leave(viewer: Viewer): boolean {
    const wasThere = audience.remove(viewer)
    if (wasThere && audience.viewers().length === 0) {
      dropPlan()
      left.abort()
      onEmpty()
    }
    return wasThere
  }

  async function welcome(viewer: Viewer): Promise<void> {
    await look('asked', [viewer])
    if (seen === null || !audience.isBehind(seen.print)) return plan(pause())
    // Who comes saw what others do not know yet.
    if (leads) return wake()
    onWake()
    await catchUp(seen.print)
  }

  /** @param print how it has been seen elsewhere, if it is known */
  async function catchUp(print: string | null): Promise<void> {
    if (print === null || audience.isBehind(print)) await look('followed')
    // What is kept may be older than the news.
    if (print !== null && audience.isBehind(print)) await look('polled')
    plan(pause())
  }

  async function shareOutage(error: VendorError): Promise<void> {
    // It may be the leader's own.
    await look('polled')
    if (outage.isOn()) audience.fail(error)
    plan(pause())
  }

  return {
    join(viewer) {
      audience.add(viewer)
      void welcome(viewer)
      return () => void leave(viewer)
    },
    wake,
    lead(isLeader) {
      if (isLeader === leads) return
      leads = isLeader
      told = null
      dropPlan()
      // What the others told while this one led was not listened to.
      if (!leads) void catchUp(null)
      // Whoever led before may have missed something; who has seen nothing yet is looking already.
      else plan(seen === null ? pause() : 0)
    },
    follow(print) {
      if (!leads) void catchUp(print)
    },
    followOutage(error) {
      if (!leads) void shareOutage(error)
    },
    recheck() {
      if (!leads) void catchUp(null)
    },
  }
}

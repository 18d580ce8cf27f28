import { setMaxListeners } from 'node:events'
import type { VendorError } from '../job/errors.js'
import type { JobAddress } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import type { Vendor } from '../job/vendor.js'
import { lookAt, mayPass, type LookOptions, type Urgency } from './look.js'
import { createOutage } from './outage.js'
import { pauseAfter, type Pace } from './pace.js'
import type { Ticker } from './ticker.js'
import { createView, printOf, type View, type Viewer } from './viewer.js'

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
  /** Nobody watches it any more. */
  readonly onEmpty: () => void
}

/** A job that nobody watches yet. */
export function watchJob(options: WatchedJobOptions): WatchedJob {
  const { pace, ticker, onNews, onOutage, onEmpty } = options
  const views = new Map<Viewer, View>()
  const outage = createOutage(options)
  const left = new AbortController()
  let leads = false
  let seen: string | null = null
  let changedAt = performance.now()
  /** Calls off the next look; null while none is planned. */
  let callOff: (() => void) | null = null
  let isPolling = false
  let isWoken = false

  // Each look listens whether anybody is still there: for Node, more than ten look like a leak.
  setMaxListeners(0, left.signal)

  async function look(urgency: Urgency, viewers: readonly Viewer[]): Promise<void> {
    const lookedAt = performance.now()
    try {
      const job = await lookAt({ ...options, selection: unionOf(viewers), urgency, signal: left.signal })
      note(printOf(job))
      for (const viewer of viewers) if (views.get(viewer)?.show(job, lookedAt)) finish(viewer)
    } catch (error) {
      if (left.signal.aborted) return
      if (mayPass(error)) noteFailure(error, lookedAt)
      else {
        for (const viewer of viewers) {
          // Whoever left meanwhile, or was told by another look, is told nothing.
          if (!views.has(viewer)) continue
          viewer.fail(error as Error)
          finish(viewer)
        }
      }
    }
  }

  function note(print: string): void {
    outage.end()
    if (print === seen) return
    if (seen !== null) changedAt = performance.now()
    seen = print
    if (leads) onNews(print)
  }

  function noteFailure(error: VendorError, lookedAt: number): void {
    if (!outage.add(error, lookedAt)) return
    tellAll(error)
    if (leads) onOutage(error)
  }

  function tellAll(error: VendorError): void {
    for (const view of views.values()) view.fail(error)
  }

  /** Plans the next look, if it is to be made here. Those who lack something do not rely on a leader. */
  function plan(pauseMs: number): void {
    const isNeeded = leads || outage.isOn() || [...views.values()].some((view) => !view.isCurrent())
    if (callOff !== null || isPolling || views.size === 0 || !isNeeded) return
    callOff = ticker.after(pauseMs, () => void poll())
  }

  async function poll(): Promise<void> {
    callOff = null
    isPolling = true
    isWoken = false
    await look('polled', [...views.keys()])
    isPolling = false
    plan(isWoken ? 0 : pause())
  }

  function pause(): number {
    return outage.isOn() ? outage.pauseMs() : pauseAfter(performance.now() - changedAt, pace)
  }

  function wake(): void {
    changedAt = performance.now()
    isWoken = true
    dropPlan()
    plan(0)
  }

  function dropPlan(): void {
    callOff?.()
    callOff = null
  }

  function finish(viewer: Viewer): void {
    leave(viewer)
    viewer.end()
  }

  function leave(viewer: Viewer): void {
    if (!views.delete(viewer) || views.size > 0) return
    dropPlan()
    left.abort()
    onEmpty()
  }

  async function welcome(viewer: Viewer): Promise<void> {
    const known = seen
    await look('asked', [viewer])
    // Who comes saw what the others do not know yet.
    if (known !== null && seen !== known) wake()
    else plan(pause())
  }

  async function catchUp(print: string | null): Promise<void> {
    const viewers = [...views.keys()]
    if (print === null || print !== seen || outage.isOn()) await look('followed', viewers)
    // What is kept may be older than the news.
    if (print !== null && print !== seen && views.size > 0) await look('polled', viewers)
    plan(pause())
  }

  return {
    join(viewer) {
      views.set(viewer, createView(viewer))
      void welcome(viewer)
      return () => leave(viewer)
    },
    wake,
    lead(isLeader) {
      if (isLeader === leads) return
      leads = isLeader
      dropPlan()
      // Whoever led before may have missed something; who has seen nothing yet is looking already.
      plan(leads && seen !== null ? 0 : pause())
    },
    follow(print) {
      if (!leads) void catchUp(print)
    },
    followOutage(error) {
      if (leads) return
      tellAll(error)
      plan(pause())
    },
    recheck() {
      if (!leads) void catchUp(null)
    },
  }
}

/** Everything that any of them wants. */
function unionOf(viewers: readonly Viewer[]): Selection {
  return (...path) => new Set(viewers.flatMap(({ selection }) => [...selection(...path)]))
}

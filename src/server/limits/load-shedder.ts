/** The load that one process accepts. */
export interface LoadSheddingOptions {
  /** Operations in flight; a subscription counts until its stream starts. Null: no limit. */
  readonly concurrentOperations: number | null
  /** How late the event loop may be, in ms. Null: no limit. */
  readonly eventLoopDelayMs: number | null
}

/** What `npm start` uses. */
export const DEFAULT_LOAD_SHEDDING: LoadSheddingOptions = { concurrentOperations: 1000, eventLoopDelayMs: 15 }

/** Counts operations in flight and rejects those that the process cannot serve in time. */
export interface LoadShedder {
  /** Admits one operation and returns its release function, which is safe to call twice; returns null to reject it. */
  admit(): (() => void) | null
}

/** How often the event loop's delay is sampled while operations are in flight, in ms. */
const SAMPLE_INTERVAL_MS = 5
/** Accumulated delay before the limit is lowered, in ms. A fresh process is late until its code is compiled. */
const DELAY_BUDGET_MS = 1000
/** Operations admitted until then, however late the loop is. */
const BURST = 64
/** Operations that are always admitted: so few are not what delays the loop. */
const MIN_CONCURRENCY = 16
/** Above this the limit is lifted. */
const MAX_CONCURRENCY = 10_000

/**
 * Limits the operations in flight, adaptively: the limit falls by a tenth whenever the event loop is late, and grows
 * while it is not. So it finds the number that the process can serve in time, whatever operations cost and however slow
 * the vendors are. Rejecting everything while the loop is late would leave the process idle a moment later.
 *
 * The limit is not lowered before the loop has been late for a second in total, because short delays catch up.
 */
export function createLoadShedder(
  options: LoadSheddingOptions,
  now: () => number = () => performance.now(),
): LoadShedder {
  const maxInFlight = options.concurrentOperations ?? Infinity
  const maxDelayMs = options.eventLoopDelayMs ?? Infinity
  let limit = maxInFlight
  let inFlight = 0
  /** The most operations in flight since the last sample. */
  let peak = 0
  /** Accumulated delay, less twice the time in which the loop was not late. */
  let delayMs = 0
  /** When the next sample is due; null when none is scheduled. */
  let sampleDueAt: number | null = null

  function sample(): void {
    const latenessMs = sampleDueAt === null ? 0 : now() - sampleDueAt
    if (latenessMs > maxDelayMs) {
      delayMs = Math.min(DELAY_BUDGET_MS, delayMs + latenessMs)
      const isOverloaded = limit < maxInFlight || delayMs === DELAY_BUDGET_MS
      if (isOverloaded) limit = Math.min(maxInFlight, Math.max(MIN_CONCURRENCY, Math.min(limit, peak) * 0.9))
    } else {
      delayMs = Math.max(0, delayMs - 2 * SAMPLE_INTERVAL_MS)
      limit = limit > MAX_CONCURRENCY ? maxInFlight : Math.min(maxInFlight, limit * 1.05 + 1)
    }
    peak = inFlight
    sampleDueAt = null
    if (inFlight > 0 || limit < maxInFlight) scheduleSample()
  }

  function scheduleSample(): void {
    sampleDueAt = now() + SAMPLE_INTERVAL_MS
    setTimeout(sample, SAMPLE_INTERVAL_MS).unref()
  }

  return {
    admit() {
      const isLimited = limit < maxInFlight
      // Requests that queued while the loop was busy arrive in one turn, and would make that turn long as well.
      const isLate = sampleDueAt !== null && now() - sampleDueAt > (isLimited ? 0 : maxDelayMs)
      if (inFlight >= limit || (isLate && inFlight >= (isLimited ? MIN_CONCURRENCY : BURST))) return null
      inFlight++
      peak = Math.max(peak, inFlight)
      if (sampleDueAt === null && maxDelayMs !== Infinity) scheduleSample()
      let isReleased = false
      return () => {
        if (!isReleased) inFlight--
        isReleased = true
      }
    },
  }
}

/** What one process takes on at a time. */
export interface LoadSheddingOptions {
  /** Operations that wait for their answers; subscriptions until their streams begin. Null for no limit. */
  readonly concurrentOperations: number | null
  /** How late the event loop may be, in ms; null for no limit. */
  readonly eventLoopDelayMs: number | null
}

export const DEFAULT_LOAD_SHEDDING: LoadSheddingOptions = { concurrentOperations: 1000, eventLoopDelayMs: 15 }

/** What this process has to do at the moment. */
export interface LoadShedder {
  /** Takes in an operation, and gives what is to be called when it is answered, once or more often; null refuses it. */
  admit(): (() => void) | null
}

/** How often the event loop's delay is looked at while there are operations, in ms. */
const SAMPLE_INTERVAL_MS = 5
/** So late it may be in all before it counts, in ms. Until a fresh process has compiled its code it is late with anything. */
const QUEUE_TIMEOUT_MS = 1000
/** As many are taken on until then, however late it is. */
const BURST = 64
/** As many are taken on in any case: with so few, it is not they who delay it. */
const MIN_CONCURRENCY = 16
/** From here on there is no point in counting. */
const MAX_CONCURRENCY = 10_000

/**
 * Refuses operations while there are too many, or while the event loop is late.
 *
 * To refuse all of them whenever it is late would leave it without work a moment later. So it is found out how many
 * it can have under way at a time, whatever they cost and however slow the vendors are: fewer each time that it is
 * late, and more while it is not. That begins when it has been late for a second: what is late for a moment catches up.
 */
export function createLoadShedder(
  limits: LoadSheddingOptions,
  now: () => number = () => performance.now(),
): LoadShedder {
  const most = limits.concurrentOperations ?? Infinity
  const latest = limits.eventLoopDelayMs ?? Infinity
  let allowed = most
  let underWay = 0
  /** The most that were under way since the last look. */
  let high = 0
  /** How late it has been in all, less twice the time in which it was not. */
  let lateMs = 0
  /** When the next look is due; null where nothing is to be seen. */
  let due: number | null = null

  function look(): void {
    const lateness = due === null ? 0 : now() - due
    if (lateness > latest) {
      lateMs = Math.min(QUEUE_TIMEOUT_MS, lateMs + lateness)
      const isStrained = allowed < most || lateMs === QUEUE_TIMEOUT_MS
      if (isStrained) allowed = Math.min(most, Math.max(MIN_CONCURRENCY, Math.min(allowed, high) * 0.9))
    } else {
      lateMs = Math.max(0, lateMs - 2 * SAMPLE_INTERVAL_MS)
      allowed = allowed > MAX_CONCURRENCY ? most : Math.min(most, allowed * 1.05 + 1)
    }
    high = underWay
    due = null
    if (underWay > 0 || allowed < most) wait()
  }

  function wait(): void {
    due = now() + SAMPLE_INTERVAL_MS
    setTimeout(look, SAMPLE_INTERVAL_MS).unref()
  }

  return {
    admit() {
      const isLimited = allowed < most
      // What has come to wait while the loop was busy comes all in one round, and would make that one long as well.
      const isLate = due !== null && now() - due > (isLimited ? 0 : latest)
      if (underWay >= allowed || (isLate && underWay >= (isLimited ? MIN_CONCURRENCY : BURST))) return null
      underWay++
      high = Math.max(high, underWay)
      if (due === null && latest !== Infinity) wait()
      let isUnderWay = true
      return () => {
        if (isUnderWay) underWay--
        isUnderWay = false
      }
    },
  }
}

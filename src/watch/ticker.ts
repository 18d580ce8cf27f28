/** A timer with shared ticks: callbacks that are due at about the same time run together, so that their reads are batched. */
export interface Ticker {
  /**
   * Runs the callback once, on the tick closest to `delayMs` from now; 0 is the next tick. No timer runs while nothing
   * is scheduled.
   * @returns a function that cancels it
   */
  schedule(delayMs: number, callback: () => void): () => void
}

interface Tick {
  readonly callbacks: Set<() => void>
  readonly timer: NodeJS.Timeout
}

/** How early a callback may run, as a share of a tick. Otherwise one scheduled slightly late would wait a whole tick more. */
const EARLY_SHARE = 1 / 4

/** @param tickMs the time between two ticks */
export function createTicker(tickMs: number): Ticker {
  // A random phase keeps several processes from polling in step.
  const phaseMs = Math.random() * tickMs
  const ticks = new Map<number, Tick>()
  let lastIndex = -Infinity

  function createTick(index: number, delayMs: number): Tick {
    const run = () => {
      lastIndex = index
      ticks.delete(index)
      for (const callback of tick.callbacks) callback()
    }
    const tick: Tick = { callbacks: new Set(), timer: setTimeout(run, delayMs) }
    ticks.set(index, tick)
    return tick
  }

  return {
    schedule(delayMs, callback) {
      const nowMs = performance.now() + phaseMs
      const index = Math.max(lastIndex + 1, Math.ceil((nowMs + delayMs) / tickMs - EARLY_SHARE))
      const tick = ticks.get(index) ?? createTick(index, Math.max(0, index * tickMs - nowMs))
      tick.callbacks.add(callback)
      return () => {
        if (!tick.callbacks.delete(callback) || tick.callbacks.size > 0 || ticks.get(index) !== tick) return
        clearTimeout(tick.timer)
        ticks.delete(index)
      }
    },
  }
}

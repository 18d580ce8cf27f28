/** Rings for everybody at the same moments, so that what is looked at goes out together. Runs only while somebody waits. */
export interface Ticker {
  /** Rings once, at a moment about so many ms from now; 0 is the next moment there is. Returns what calls it off. */
  schedule(ms: number, ring: () => void): () => void
}

interface Moment {
  readonly rings: Set<() => void>
  readonly timer: NodeJS.Timeout
}

/** A moment is taken for as good as here when this part of a tick is missing, because whoever asks is a little late. */
const SLACK = 1 / 4

/** @param tickMs from one moment to the next: nobody is rung for more often */
export function createTicker(tickMs: number): Ticker {
  // Each process has moments of its own.
  const phaseMs = Math.random() * tickMs
  const moments = new Map<number, Moment>()
  let last = -Infinity

  function begin(at: number, inMs: number): Moment {
    const ringAll = () => {
      last = at
      moments.delete(at)
      for (const ring of moment.rings) ring()
    }
    const moment: Moment = { rings: new Set(), timer: setTimeout(ringAll, inMs) }
    moments.set(at, moment)
    return moment
  }

  return {
    schedule(ms, ring) {
      const nowMs = performance.now() + phaseMs
      const at = Math.max(last + 1, Math.ceil((nowMs + ms) / tickMs - SLACK))
      const moment = moments.get(at) ?? begin(at, Math.max(0, at * tickMs - nowMs))
      moment.rings.add(ring)
      return () => {
        if (!moment.rings.delete(ring) || moment.rings.size > 0 || moments.get(at) !== moment) return
        clearTimeout(moment.timer)
        moments.delete(at)
      }
    },
  }
}

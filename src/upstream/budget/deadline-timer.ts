/** A countdown: the rest of a pause, or the backlog of a bucket. */
export interface DeadlineTimer {
  /** In ms, never below 0. */
  remainingMs(): number
  /** Restarts the countdown at this many ms. */
  set(ms: number): void
  /** Like `set`, unless more time remains already. */
  extend(ms: number): void
}

/** @param now a monotonic clock in ms */
export function createDeadlineTimer(now: () => number): DeadlineTimer {
  let end = -Infinity
  const remainingMs = () => Math.max(0, end - now())
  return {
    remainingMs,
    set(ms) {
      end = now() + ms
    },
    extend(ms) {
      if (ms > remainingMs()) end = now() + ms
    },
  }
}

/** Milliseconds that run out by themselves: how long a pause lasts, how far ahead of its pace a bucket is. */
export interface DeadlineTimer {
  /** In ms, never below 0. */
  remainingMs(): number
  /** From now on so many ms are left. */
  set(ms: number): void
  /** Like `set`, unless more are left already. */
  extend(ms: number): void
}

/** @param now a clock in ms that never goes back */
export function createDeadlineTimer(now: () => number): DeadlineTimer {
  let end = -Infinity
  const left = () => Math.max(0, end - now())
  return {
    remainingMs: left,
    set(ms) {
      end = now() + ms
    },
    extend(ms) {
      if (ms > left()) end = now() + ms
    },
  }
}

/** Milliseconds that run out by themselves: how long a pause lasts, how far ahead of its pace a bucket is. */
export interface Countdown {
  /** In ms, never below 0. */
  left(): number
  /** From now on so many ms are left. */
  set(ms: number): void
  /** Like `set`, unless more are left already. */
  atLeast(ms: number): void
}

/** @param now a clock in ms that never goes back */
export function createCountdown(now: () => number): Countdown {
  let end = -Infinity
  const left = () => Math.max(0, end - now())
  return {
    left,
    set(ms) {
      end = now() + ms
    },
    atLeast(ms) {
      if (ms > left()) end = now() + ms
    },
  }
}

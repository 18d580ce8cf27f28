/** The times of the requests sent within the last window. */
export interface SlidingWindowLog {
  record(): void
  /** The number of requests within the last window. */
  count(): number
  /** Until the window is empty, in ms. */
  clearsInMs(): number
}

/**
 * Grows with the number of requests in a window, so use it only where a limit is enforced.
 * @param now a monotonic clock in ms
 */
export function createSlidingWindowLog(windowMs: number, now: () => number): SlidingWindowLog {
  const times: number[] = []

  function evict(): void {
    const start = now() - windowMs
    while (times[0] !== undefined && times[0] <= start) times.shift()
  }

  return {
    record() {
      evict()
      times.push(now())
    },
    count() {
      evict()
      return times.length
    },
    clearsInMs: () => Math.max(0, (times.at(-1) ?? -Infinity) + windowMs - now()),
  }
}

/** When the requests of the last window were sent. */
export interface SlidingWindowLog {
  record(): void
  /** How many there were. */
  count(): number
  /** Until none of them lies within the window any more, in ms. */
  clearsInMs(): number
}

/**
 * At most as long as what the window allows: for those who keep a limit.
 * @param now a clock in ms that never goes back
 */
export function createSlidingWindowLog(windowMs: number, now: () => number): SlidingWindowLog {
  const moments: number[] = []

  function forget(): void {
    const start = now() - windowMs
    while (moments[0] !== undefined && moments[0] <= start) moments.shift()
  }

  return {
    record() {
      forget()
      moments.push(now())
    },
    count() {
      forget()
      return moments.length
    },
    clearsInMs: () => Math.max(0, (moments.at(-1) ?? -Infinity) + windowMs - now()),
  }
}

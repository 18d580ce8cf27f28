/** The longest that Node's timers can wait; what is longer they take for nothing at all. */
const LONGEST_MS = 2_147_483_647

/** How long a timer has to wait for that time, in the ms of `Date.now()`; weeks at most. */
export function msUntil(time: number): number {
  return Math.min(time - Date.now(), LONGEST_MS)
}

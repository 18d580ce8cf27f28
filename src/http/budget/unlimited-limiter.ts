import { createCountdown } from './countdown.js'
import type { Limiter } from './limiter.js'

/**
 * Keeps no limit, but stops when the vendor asks for a pause.
 * @param now a clock in ms that never goes back
 */
export function createUnlimitedLimiter(now: () => number = () => performance.now()): Limiter {
  const pause = createCountdown(now)
  return {
    take: () => Promise.resolve(pause.left()),
    pause(ms) {
      pause.atLeast(ms)
      return Promise.resolve()
    },
    waitMs: () => pause.left(),
    state: () => Promise.resolve(null),
  }
}

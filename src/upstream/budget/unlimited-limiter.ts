import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'

/**
 * Keeps no limit, but stops when the vendor asks for a pause.
 * @param now a clock in ms that never goes back
 */
export function createUnlimitedLimiter(now: () => number = () => performance.now()): Limiter {
  const pause = createDeadlineTimer(now)
  return {
    tryAcquire: () => Promise.resolve(pause.remainingMs()),
    pause(ms) {
      pause.extend(ms)
      return Promise.resolve()
    },
    estimateWaitMs: () => pause.remainingMs(),
    state: () => Promise.resolve(null),
  }
}

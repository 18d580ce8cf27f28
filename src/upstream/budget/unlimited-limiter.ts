import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'

/**
 * Enforces no limit, but pauses when the vendor asks for it.
 * @param now a monotonic clock in ms
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

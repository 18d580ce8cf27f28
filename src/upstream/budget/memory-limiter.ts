import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'
import { toVendorBudget, createGcraLimit, gcraWaitMs, type GcraOptions } from './gcra.js'
import { createSlidingWindowLog } from './sliding-window-log.js'
import type { Priority } from './permit.js'

export interface MemoryLimiterOptions extends GcraOptions {
  /** A monotonic clock in ms. Default `performance.now`. */
  readonly now?: () => number
}

/** Enforces the limit of one vendor for this process alone. */
export function createMemoryLimiter({ now = () => performance.now(), ...options }: MemoryLimiterOptions): Limiter {
  const rate = createGcraLimit(options)
  const backlog = createDeadlineTimer(now)
  const pause = createDeadlineTimer(now)
  const sent = createSlidingWindowLog(rate.windowMs, now)
  const waitMs = (ahead: number, priority: Priority) =>
    Math.max(pause.remainingMs(), gcraWaitMs(rate, backlog.remainingMs(), priority, ahead))

  return {
    tryAcquire(priority) {
      const wait = waitMs(0, priority)
      if (wait > 0) return Promise.resolve(wait)
      backlog.set(backlog.remainingMs() + rate.emissionIntervalMs)
      sent.record()
      return Promise.resolve(0)
    },
    pause(ms) {
      pause.extend(ms)
      return Promise.resolve()
    },
    estimateWaitMs: waitMs,
    state: () =>
      Promise.resolve(
        toVendorBudget(rate.limit, {
          sent: sent.count(),
          clearsInMs: sent.clearsInMs(),
          pausedMs: pause.remainingMs(),
        }),
      ),
  }
}

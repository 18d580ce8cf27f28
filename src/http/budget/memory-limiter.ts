import { createCountdown } from './countdown.js'
import type { Limiter } from './limiter.js'
import { budgetOf, createRate, waitFor, type RateOptions } from './rate.js'
import { createSentLog } from './sent-log.js'
import type { Priority } from './turn.js'

export interface MemoryLimiterOptions extends RateOptions {
  /** A clock in ms that never goes back; `performance.now` when not given. */
  readonly now?: () => number
}

/** Keeps the limit of one vendor for this process alone. */
export function createMemoryLimiter({ now = () => performance.now(), ...options }: MemoryLimiterOptions): Limiter {
  const rate = createRate(options)
  const ahead = createCountdown(now)
  const pause = createCountdown(now)
  const sent = createSentLog(rate.windowMs, now)
  const waitMs = (before: number, priority: Priority) =>
    Math.max(pause.left(), waitFor(rate, ahead.left(), priority, before))

  return {
    take(priority) {
      const wait = waitMs(0, priority)
      if (wait > 0) return Promise.resolve(wait)
      ahead.set(ahead.left() + rate.intervalMs)
      sent.add()
      return Promise.resolve(0)
    },
    pause(ms) {
      pause.atLeast(ms)
      return Promise.resolve()
    },
    waitMs,
    state: () =>
      Promise.resolve(
        budgetOf(rate.limit, { sent: sent.count(), clearsInMs: sent.clearsInMs(), pausedMs: pause.left() }),
      ),
  }
}

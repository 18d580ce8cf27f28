import { createCountdown } from './countdown.js'
import type { Limiter } from './limiter.js'
import { budgetOf, createRate, waitFor, type RateOptions } from './rate.js'

export interface MemoryLimiterOptions extends RateOptions {
  /** A clock in ms that never goes back; `performance.now` when not given. */
  readonly now?: () => number
}

/** Keeps the limit of one vendor for this process alone. */
export function createMemoryLimiter({ now = () => performance.now(), ...options }: MemoryLimiterOptions): Limiter {
  const rate = createRate(options)
  const ahead = createCountdown(now)
  const pause = createCountdown(now)
  const waitMs = (before: number, isCancel: boolean) =>
    Math.max(pause.left(), waitFor(rate, ahead.left(), isCancel, before))

  return {
    take(isCancel) {
      const wait = waitMs(0, isCancel)
      if (wait === 0) ahead.set(ahead.left() + rate.intervalMs)
      return Promise.resolve(wait)
    },
    pause(ms) {
      pause.atLeast(ms)
      return Promise.resolve()
    },
    waitMs,
    state: () => Promise.resolve(budgetOf(rate.limit, rate, ahead.left(), pause.left())),
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, vi } from 'vitest'

/** Lets tests skip time on `performance.now()`. Returns a function that skips `ms`. */
export function useSkippedTime(): (ms: number) => Promise<void> {
  let skippedMs = 0
  beforeEach(() => {
    skippedMs = 0
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs)
  })
  afterEach(() => void vi.restoreAllMocks())

  return async (ms) => {
    skippedMs += ms
    // The caches read their clock once a millisecond.
    await delay(5)
  }
}

import { afterEach, beforeEach, vi } from 'vitest'

/** Replaces timers and clocks in each test of a file, and all jitter by 0. */
export function useFakeTimers(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })

  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
}

/** Moves the fake clock on and runs what is due; without `ms` only pending promises. */
export const advance = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

import { describe, expect, it, vi } from 'vitest'
import { createTicker } from '../../src/watch/ticker.js'
import { useFakeTimers } from '../support/fake-timers.js'

const TICK_MS = 100

/** Records when each callback ran, in ms since the start of the test. */
function recordRuns() {
  const startedAt = performance.now()
  const runs: { name: string; at: number }[] = []
  return {
    runs,
    names: () => runs.map(({ name }) => name),
    times: () => [...new Set(runs.map(({ at }) => at))],
    record: (name: string) => () => void runs.push({ name, at: performance.now() - startedAt }),
  }
}

useFakeTimers()

describe('a ticker', () => {
  it('runs all callbacks for about the same time in one tick, in the order of scheduling', () => {
    const ticker = createTicker(TICK_MS)
    const { record, runs, names, times } = recordRuns()
    vi.advanceTimersByTime(10)
    ticker.schedule(200, record('first'))
    vi.advanceTimersByTime(10)
    ticker.schedule(200, record('second'))
    vi.advanceTimersByTime(50)
    ticker.schedule(150, record('third'))
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['first', 'second', 'third'])
    expect(times()).toHaveLength(1)
    expect(runs[0]!.at % TICK_MS).toBe(0)
  })

  it('runs a callback on the tick before if that is slightly early, else on the next one', () => {
    const ticker = createTicker(TICK_MS)
    const { record, runs } = recordRuns()
    vi.advanceTimersByTime(50)
    ticker.schedule(75, record('a little before'))
    ticker.schedule(76, record('after'))
    ticker.schedule(150, record('exactly'))
    vi.advanceTimersByTime(1000)
    expect(runs).toEqual([
      { name: 'a little before', at: 100 },
      { name: 'after', at: 200 },
      { name: 'exactly', at: 200 },
    ])
  })

  it('runs a callback once', () => {
    const ticker = createTicker(TICK_MS)
    const { record, runs } = recordRuns()
    ticker.schedule(0, record('once'))
    vi.advanceTimersByTime(10_000)
    expect(runs).toHaveLength(1)
  })

  it('runs a callback that reschedules itself once per tick', () => {
    const ticker = createTicker(TICK_MS)
    const { record, runs, times } = recordRuns()
    const again = () => {
      record('again')()
      ticker.schedule(0, again)
    }
    ticker.schedule(0, again)
    vi.advanceTimersByTime(20 * TICK_MS)
    expect(runs.length).toBeGreaterThanOrEqual(20)
    expect(runs.length).toBeLessThanOrEqual(21)
    expect(times()).toHaveLength(runs.length)
  })

  it('defers callbacks scheduled during a tick to the next one', () => {
    const ticker = createTicker(TICK_MS)
    const { record, runs } = recordRuns()
    ticker.schedule(100, () => {
      record('one')()
      ticker.schedule(0, record('two'))
    })
    vi.advanceTimersByTime(1000)
    expect(runs).toEqual([
      { name: 'one', at: 100 },
      { name: 'two', at: 200 },
    ])
  })

  it('does not run a cancelled callback, and runs the others', () => {
    const ticker = createTicker(TICK_MS)
    const { record, names } = recordRuns()
    const cancel = ticker.schedule(100, record('cancelled'))
    ticker.schedule(100, record('stays'))
    cancel()
    cancel()
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['stays'])
  })

  it('keeps a timer only while something is scheduled', () => {
    const ticker = createTicker(TICK_MS)
    expect(vi.getTimerCount()).toBe(0)
    const cancels = [100, 100, 300].map((ms) => ticker.schedule(ms, () => {}))
    expect(vi.getTimerCount()).toBe(2)
    cancels[0]!()
    expect(vi.getTimerCount()).toBe(2)
    cancels[1]!()
    expect(vi.getTimerCount()).toBe(1)
    cancels[2]!()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ignores the cancellation of a callback that has run', () => {
    const ticker = createTicker(TICK_MS)
    const { record, names } = recordRuns()
    const cancel = ticker.schedule(0, record('runs'))
    vi.advanceTimersByTime(TICK_MS)
    const other = ticker.schedule(0, record('other'))
    cancel()
    vi.advanceTimersByTime(TICK_MS)
    other()
    expect(names()).toEqual(['runs', 'other'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not run a callback that another one of the same tick cancels', () => {
    const ticker = createTicker(TICK_MS)
    const { record, names } = recordRuns()
    const cancels: (() => void)[] = []
    cancels.push(
      ticker.schedule(100, () => {
        record('first')()
        cancels[1]!()
      }),
      ticker.schedule(100, record('second')),
    )
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['first'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has a random phase, so that processes do not poll together', () => {
    const { record, runs } = recordRuns()
    for (const phase of [0, 0.25, 0.5]) {
      vi.mocked(Math.random).mockReturnValue(phase)
      createTicker(TICK_MS).schedule(200, record(`${phase}`))
    }
    vi.advanceTimersByTime(1000)
    expect(runs.map(({ at }) => at % TICK_MS).sort((a, b) => a - b)).toEqual([0, 50, 75])
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTicker } from '../../src/watch/ticker.js'

const TICK_MS = 100

/** When each was rung, in ms since the beginning of the test. */
function logBook() {
  const began = performance.now()
  const rung: { name: string; at: number }[] = []
  return {
    rung,
    names: () => rung.map(({ name }) => name),
    moments: () => [...new Set(rung.map(({ at }) => at))],
    ring: (name: string) => () => void rung.push({ name, at: performance.now() - began }),
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  // The first moment is now.
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a ticker', () => {
  it('rings all who ask for about the same time in one moment, in the order in which they asked', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, rung, names, moments } = logBook()
    vi.advanceTimersByTime(10)
    ticker.schedule(200, ring('first'))
    vi.advanceTimersByTime(10)
    ticker.schedule(200, ring('second'))
    vi.advanceTimersByTime(50)
    ticker.schedule(150, ring('third'))
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['first', 'second', 'third'])
    expect(moments()).toHaveLength(1)
    expect(rung[0]!.at % TICK_MS).toBe(0)
  })

  it('rings about when it was asked to: at the moment before, if next to nothing is missing, else at the next', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, rung } = logBook()
    vi.advanceTimersByTime(50)
    ticker.schedule(75, ring('a little before'))
    ticker.schedule(76, ring('after'))
    ticker.schedule(150, ring('exactly'))
    vi.advanceTimersByTime(1000)
    expect(rung).toEqual([
      { name: 'a little before', at: 100 },
      { name: 'after', at: 200 },
      { name: 'exactly', at: 200 },
    ])
  })

  it('rings once', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, rung } = logBook()
    ticker.schedule(0, ring('once'))
    vi.advanceTimersByTime(10_000)
    expect(rung).toHaveLength(1)
  })

  it('rings nobody more often than once a tick, however often they ask', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, rung, moments } = logBook()
    const again = () => {
      ring('again')()
      ticker.schedule(0, again)
    }
    ticker.schedule(0, again)
    vi.advanceTimersByTime(20 * TICK_MS)
    expect(rung.length).toBeGreaterThanOrEqual(20)
    expect(rung.length).toBeLessThanOrEqual(21)
    expect(moments()).toHaveLength(rung.length)
  })

  it('takes who asks while it rings for the next moment, not for this one', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, rung } = logBook()
    ticker.schedule(100, () => {
      ring('one')()
      ticker.schedule(0, ring('two'))
    })
    vi.advanceTimersByTime(1000)
    expect(rung).toEqual([
      { name: 'one', at: 100 },
      { name: 'two', at: 200 },
    ])
  })

  it('takes who was called off out, and leaves the others in', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, names } = logBook()
    const callOff = ticker.schedule(100, ring('called off'))
    ticker.schedule(100, ring('stays'))
    callOff()
    callOff()
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['stays'])
  })

  it('runs only while somebody waits', () => {
    const ticker = createTicker(TICK_MS)
    expect(vi.getTimerCount()).toBe(0)
    const callOffs = [100, 100, 300].map((ms) => ticker.schedule(ms, () => {}))
    expect(vi.getTimerCount()).toBe(2)
    callOffs[0]!()
    expect(vi.getTimerCount()).toBe(2)
    callOffs[1]!()
    expect(vi.getTimerCount()).toBe(1)
    callOffs[2]!()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not mind who calls off what has rung, even when the same moment is taken again', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, names } = logBook()
    const callOff = ticker.schedule(0, ring('rung'))
    vi.advanceTimersByTime(TICK_MS)
    const other = ticker.schedule(0, ring('other'))
    callOff()
    vi.advanceTimersByTime(TICK_MS)
    other()
    expect(names()).toEqual(['rung', 'other'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets one who is called off by another of the same moment be', () => {
    const ticker = createTicker(TICK_MS)
    const { ring, names } = logBook()
    const callOffs: (() => void)[] = []
    callOffs.push(
      ticker.schedule(100, () => {
        ring('first')()
        callOffs[1]!()
      }),
      ticker.schedule(100, ring('second')),
    )
    vi.advanceTimersByTime(1000)
    expect(names()).toEqual(['first'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has moments of its own, so that processes do not ask together', () => {
    const { ring, rung } = logBook()
    for (const phase of [0, 0.25, 0.5]) {
      vi.mocked(Math.random).mockReturnValue(phase)
      createTicker(TICK_MS).schedule(200, ring(`${phase}`))
    }
    vi.advanceTimersByTime(1000)
    expect(rung.map(({ at }) => at % TICK_MS).sort((a, b) => a - b)).toEqual([0, 50, 75])
  })
})

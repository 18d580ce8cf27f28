import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLoadShedder, type LoadShedder } from '../../../src/server/limits/load-shedder.js'

let time = 0
beforeEach(() => {
  time = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const NO_LIMIT = { concurrentOperations: null, eventLoopDelayMs: null }

function open(limits: Partial<typeof DELAY> | { concurrentOperations: number }): LoadShedder {
  return createLoadShedder({ ...NO_LIMIT, ...limits }, () => time)
}
const DELAY = { eventLoopDelayMs: 20 }

/** So many ask at once; gives what those say at their ends who were taken. */
function ask(load: LoadShedder, times: number): (() => void)[] {
  return Array.from({ length: times }, () => load.admit()).filter((leave) => leave !== null)
}

/** So many looks at the event loop, each of which comes so much too late. */
function look(times: number, lateMs: number): void {
  for (let at = 0; at < times; at++) {
    time += 5 + lateMs
    vi.advanceTimersByTime(5)
  }
}

describe('the load of a process', () => {
  it('has no limit where none is set', () => {
    const load = open({})
    expect(ask(load, 5000)).toHaveLength(5000)
    look(10, 1000)
    expect(ask(load, 5000)).toHaveLength(5000)
  })

  it('is so many operations at a time', () => {
    const load = open({ concurrentOperations: 3 })
    const taken = ask(load, 5)
    expect(taken).toHaveLength(3)
    taken[0]!()
    // It is one operation, however often it is said to be answered.
    taken[0]!()
    expect(ask(load, 5)).toHaveLength(1)
  })

  it('takes what comes at once when the event loop is in time', () => {
    expect(ask(open(DELAY), 500)).toHaveLength(500)
  })

  it('takes the first 64 that come at once although they make the event loop late, and no more of them', () => {
    const load = open(DELAY)
    expect(ask(load, 30)).toHaveLength(30)
    time += 200
    expect(ask(load, 500)).toHaveLength(34)
  })

  it('is not made less by moments in which the event loop was late', () => {
    const load = open(DELAY)
    ask(load, 50)
    for (let moment = 0; moment < 20; moment++) {
      look(1, 500)
      look(50, 0)
    }
    expect(ask(load, 500)).toHaveLength(500)
  })

  it('is made less while the event loop stays late, but never less than sixteen', () => {
    const load = open(DELAY)
    const first = ask(load, 50)
    look(9, 100)
    expect(ask(load, 10)).toHaveLength(10)
    look(1, 100)
    expect(ask(load, 10)).toHaveLength(0)
    first.splice(0, 10).forEach((leave) => leave())
    // Nine tenths of sixty.
    expect(ask(load, 50)).toHaveLength(4)
    look(100, 30)
    expect(ask(load, 10)).toHaveLength(0)
    first.forEach((leave) => leave())
    expect(ask(load, 50)).toHaveLength(2)
  })

  it('takes on no more than that in a round that is long already, once it is made less', () => {
    const load = open(DELAY)
    const first = ask(load, 60)
    look(10, 100)
    first.forEach((leave) => leave())
    expect(ask(load, 10)).toHaveLength(10)
    time += 6
    expect(ask(load, 30)).toHaveLength(6)
  })

  it('is made more again when the event loop is in time, until there is no limit', () => {
    const load = open(DELAY)
    const first = ask(load, 50)
    look(100, 100)
    first.forEach((leave) => leave())
    const few = ask(load, 100)
    few.forEach((leave) => leave())
    expect(few).toHaveLength(16)
    look(20, 0)
    const more = ask(load, 1000)
    more.forEach((leave) => leave())
    expect(more.length).toBeGreaterThan(50)
    expect(more.length).toBeLessThan(150)
    look(200, 0)
    expect(ask(load, 20_000)).toHaveLength(20_000)
  })

  it('looks at the event loop no longer when there is nothing to do', () => {
    const load = open(DELAY)
    const taken = ask(load, 3)
    look(5, 0)
    expect(vi.getTimerCount()).toBe(1)
    taken.forEach((leave) => leave())
    look(1, 0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

import { setImmediate as nextRound } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLoadShedder } from '../../../src/server/limits/load-shedder.js'
import { acquireSlot } from '../../../src/server/limits/slot.js'

describe('the place of an operation', () => {
  it('is held until it is answered, when all of it came at once', async () => {
    const load = start()
    const place = acquireSlot(load, () => true)!
    await nextRound()
    expect(load.admit()).toBeNull()
    expect(place.acquire()).toBe(true)
    expect(load.admit()).toBeNull()
    place.release()
    place.release()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })

  it('is held in the round in which it begins, so that a burst is refused at once', async () => {
    const load = start()
    acquireSlot(load, () => false)
    expect(acquireSlot(load, () => false)).toBeNull()
    await nextRound()
    expect(acquireSlot(load, () => false)).not.toBeNull()
  })

  it('is taken again when the rest has come, if there is one', async () => {
    const load = start()
    const first = acquireSlot(load, () => false)!
    await nextRound()
    const second = acquireSlot(load, () => false)!
    await nextRound()
    expect([first.acquire(), second.acquire()]).toEqual([true, false])
    second.release()
    expect(load.admit()).toBeNull()
    first.release()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })

  it('is not taken again by who has left', async () => {
    const load = start()
    const place = acquireSlot(load, () => false)!
    place.release()
    await nextRound()
    place.acquire()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })
})

/** One at a time. */
function start() {
  return createLoadShedder({ concurrentOperations: 1, eventLoopDelayMs: null })
}

import { setImmediate as nextRound } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLoad } from '../../src/limits/load.js'
import { takePlace } from '../../src/limits/place.js'

describe('the place of an operation', () => {
  it('is held until it is answered, when all of it came at once', async () => {
    const load = start()
    const place = takePlace(load, () => true)!
    await nextRound()
    expect(load.admit()).toBeNull()
    expect(place.arrived()).toBe(true)
    expect(load.admit()).toBeNull()
    place.leave()
    place.leave()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })

  it('is held in the round in which it begins, so that a burst is refused at once', async () => {
    const load = start()
    takePlace(load, () => false)
    expect(takePlace(load, () => false)).toBeNull()
    await nextRound()
    expect(takePlace(load, () => false)).not.toBeNull()
  })

  it('is taken again when the rest has come, if there is one', async () => {
    const load = start()
    const first = takePlace(load, () => false)!
    await nextRound()
    const second = takePlace(load, () => false)!
    await nextRound()
    expect([first.arrived(), second.arrived()]).toEqual([true, false])
    second.leave()
    expect(load.admit()).toBeNull()
    first.leave()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })

  it('is not taken again by who has left', async () => {
    const load = start()
    const place = takePlace(load, () => false)!
    place.leave()
    await nextRound()
    place.arrived()
    expect([load.admit(), load.admit()]).toEqual([expect.any(Function), null])
  })
})

/** One at a time. */
function start() {
  return createLoad({ concurrentOperations: 1, eventLoopDelayMs: null })
}

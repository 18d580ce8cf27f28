import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedisLimiter } from '../../../src/upstream/budget/redis-limiter.js'
import type { Priority } from '../../../src/upstream/budget/permit.js'
import { startRedis, type PrivateRedis } from '../../support/redis-server.js'
import { slidingMaximum } from '../../support/sliding-window.js'
import { connectTimed, type TimedRedis } from './timed-redis.js'

const INSTANCES = 4

/** Instances that share one Redis and one clock, and everything that they let through. */
async function instancesOf(timed: TimedRedis, limit: number) {
  await timed.empty()
  const granted: number[] = []
  const connections = Array.from({ length: INSTANCES }, () => timed.connection())
  const limiters = connections.map((redis) => createRedisLimiter({ redis, key: 'vendor', limit, now: timed.now }))
  const ask = async (instance: number, priority: Priority, count = Infinity) => {
    let asked = 0
    for (; asked < count && (await limiters[instance]!.tryAcquire(priority)) === 0; asked++) granted.push(timed.now())
    return asked
  }
  const setDown = (isDown: boolean) => connections.forEach((connection) => (connection.isDown = isDown))
  // All have been there for a while: nothing is left of these in the windows that count.
  for (const instance of connections.keys()) {
    await ask(instance, 'cancel', 1)
    await timed.advance(120_000 / INSTANCES)
  }
  return { granted, limiters, connections, ask, setDown }
}

describe('the limiters of four instances whose Redis goes and comes', () => {
  let server: PrivateRedis
  let timed: TimedRedis
  beforeAll(async () => {
    server = await startRedis()
    timed = await connectTimed(server)
  })
  afterAll(async () => {
    timed.close()
    await server.close()
  })

  it.each([
    ['forgets everything', true],
    ['only hangs', false],
  ])('keep the limit in every window, whoever asks when, when Redis %s', { timeout: 60_000 }, async (_, isEmpty) => {
    const want = fc.constantFrom('nothing', 'a read', 'reads', 'cancels')
    const step = fc.record({ ms: fc.integer({ min: 1, max: 15_000 }), wants: fc.tuple(want, want, want, want) })
    const phase = fc.array(step, { maxLength: 5 })
    const limits = fc.oneof(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 60, max: 600 }))
    await fc.assert(
      fc.asyncProperty(limits, phase, phase, phase, async (limit, before, during, after) => {
        const { granted, ask, setDown } = await instancesOf(timed, limit)
        const play = async (steps: typeof before) => {
          for (const { ms, wants } of steps) {
            for (const [instance, want] of wants.entries()) if (want === 'a read') await ask(instance, 'read', 1)
            for (const end = timed.now() + ms; timed.now() < end; await timed.advance(Math.min(ms, 30_000 / limit))) {
              for (const [instance, want] of wants.entries()) {
                if (want === 'reads' || want === 'cancels') await ask(instance, want === 'cancels' ? 'cancel' : 'read')
              }
            }
          }
        }
        await play(before)
        setDown(true)
        await play(during)
        if (isEmpty) await timed.empty()
        // An instance that wanted nothing meanwhile cannot know that Redis was away, unless Redis has forgotten it.
        else for (const each of [0, 1, 2, 3]) await ask(each, 'read', 1)
        setDown(false)
        await play(after)
        expect(slidingMaximum(granted, 60_000)).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 40 },
    )
  })

  describe.each([10, 100, 500])('with a limit of %i and everybody always cancelling', (limit) => {
    it.each([
      ['dies and comes back empty', true, 20_000],
      ['is empty in the blink of an eye', true, 0],
      ['hangs for a moment', false, 3000],
      ['hangs for longer than a window', false, 80_000],
    ])('keep it when Redis %s', { timeout: 60_000 }, async (_, isEmpty, outageMs) => {
      const { granted, ask, setDown } = await instancesOf(timed, limit)
      const run = async (ms: number) => {
        for (const end = timed.now() + ms; timed.now() < end; await timed.advance(30_000 / limit)) {
          // Cancels from all sides: they are let through when reads are not.
          for (const each of [3, 2, 1, 0]) await ask(each, 'cancel')
        }
      }
      await run(1)
      setDown(true)
      await run(outageMs)
      if (isEmpty) await timed.empty()
      setDown(false)
      await run(60_000)
      expect(slidingMaximum(granted, 60_000)).toBeLessThanOrEqual(limit)
      // And it is used.
      expect(slidingMaximum(granted, 60_000)).toBeGreaterThanOrEqual(limit / 2)
    })
  })
})

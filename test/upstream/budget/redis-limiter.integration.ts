import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRedisLimiter } from '../../../src/upstream/budget/redis-limiter.js'
import type { Limiter } from '../../../src/upstream/budget/limiter.js'
import { PRIORITIES, type Priority } from '../../../src/upstream/budget/permit.js'
import { silentLog } from '../../../src/job/log.js'
import { connectRedis, type RedisConnection } from '../../../src/redis/connection.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { startRedis, type PrivateRedis } from '../../support/redis-server.js'
import { slidingMaximum } from '../../support/sliding-window.js'
import { Secret } from '../../../src/job/secret.js'

const LIMIT = 60
const WINDOW_MS = 2000

/** Instances with a connection each. */
function instancesAt(url: string, count: number, limit = LIMIT, windowMs = WINDOW_MS): Limiter[] {
  return Array.from({ length: count }, () => {
    const redis = connectRedis(new Secret(url), silentLog)
    closeAfterTest(() => redis.close())
    return createRedisLimiter({ redis, key: 'VENDOR', limit, windowMs })
  })
}

/** Resolves when they have all reached Redis. */
async function reached(limiters: readonly Limiter[], redis: PrivateRedis): Promise<void> {
  const client = new Redis(redis.url)
  const isKnown = async () => (await client.zcard('docket:budget:{VENDOR}:instances')) === limiters.length
  while (!(await isKnown())) await Promise.all([...limiters.map((limiter) => limiter.tryAcquire('read')), delay(20)])
  client.disconnect()
}

/** Asks without end, for so many ms; the times at which something was let through. */
async function hammer(limiters: readonly Limiter[], ms: number): Promise<number[]> {
  const granted: number[] = []
  const end = performance.now() + ms
  const ask = async (limiter: Limiter, priority: Priority) => {
    while (performance.now() < end) {
      const waitMs = await limiter.tryAcquire(priority)
      if (waitMs === 0) granted.push(performance.now())
      else await delay(Math.min(waitMs, 50))
    }
  }
  await Promise.all(limiters.map((limiter, index) => ask(limiter, index === 0 ? 'cancel' : 'read')))
  return granted
}

describe('the limiter of all instances', () => {
  let redis: PrivateRedis
  beforeEach(async () => {
    redis = await startRedis()
    return () => redis.close()
  })

  it('keeps and uses the limit across four instances', async () => {
    const granted = await hammer(instancesAt(redis.url, 4), 3500)
    expect(slidingMaximum(granted, WINDOW_MS)).toBeLessThanOrEqual(LIMIT)
    expect(granted.length).toBeGreaterThan(LIMIT)
  })

  it.each([
    ['dies and comes back empty', () => redis.kill(), () => redis.restart()],
    ['hangs', () => Promise.resolve(redis.freeze()), () => Promise.resolve(redis.thaw())],
    ['is emptied', () => Promise.resolve(), () => redis.restart()],
  ])('keeps the limit when Redis %s, and continues', { timeout: 20_000 }, async (_, goDown, comeBack) => {
    const limiters = instancesAt(redis.url, 4)
    await reached(limiters, redis)
    const hammering = hammer(limiters, 5500)
    await delay(1000)
    await goDown()
    const wentDown = performance.now()
    await delay(2000)
    const cameBack = performance.now()
    await comeBack()
    const granted = await hammering
    expect(slidingMaximum(granted, WINDOW_MS)).toBeLessThanOrEqual(LIMIT)
    expect(granted.filter((time) => time > wentDown + 200 && time < cameBack).length).toBeGreaterThan(10)
    expect(granted.filter((time) => time > cameBack + 1500).length).toBeGreaterThan(10)
  })

  it('reserves a tenth for cancels of any instance', async () => {
    const limiters = instancesAt(redis.url, 2, 500, 60_000)
    await reached(limiters, redis)
    const reads = await Promise.all(Array.from({ length: 200 }, () => limiters[0]!.tryAcquire('read')))
    expect(reads.filter((waitMs) => waitMs === 0).length).toBeLessThanOrEqual(51)
    const cancels = await Promise.all(Array.from({ length: 200 }, () => limiters[1]!.tryAcquire('cancel')))
    expect(cancels.filter((waitMs) => waitMs === 0).length).toBeGreaterThanOrEqual(50)
    expect(await limiters[0]!.tryAcquire('cancel')).toBeGreaterThan(0)
  })

  it('pauses all instances when the vendor asks one for a pause', async () => {
    const [first, second, third] = instancesAt(redis.url, 3) as [Limiter, Limiter, Limiter]
    await reached([first, second, third], redis)
    await first.pause(60_000)
    await first.pause(10)
    for (const limiter of [first, second]) {
      expect(await limiter.tryAcquire('cancel')).toBeGreaterThan(59_000)
      expect(limiter.estimateWaitMs(0, 'cancel')).toBeGreaterThan(59_000)
      expect((await limiter.state())!).toMatchObject({ limit: LIMIT, remaining: 0 })
    }
    // Who has not asked since shows it as well.
    expect((await third.state())!.resetsInSeconds).toBeGreaterThan(59)
    await redis.kill()
    for (const limiter of [first, second]) expect(await limiter.tryAcquire('cancel')).toBeGreaterThan(59_000)
  })

  it('reports the shared state without consuming anything', async () => {
    const [first, second] = instancesAt(redis.url, 2, 500, 60_000) as [Limiter, Limiter]
    await reached([first, second], redis)
    const before = (await second.state())!
    for (let asked = 0; asked < 20; asked++) await first.tryAcquire('cancel')
    const after = (await second.state())!
    expect(before.remaining - after.remaining).toBeGreaterThanOrEqual(18)
    expect(before.remaining - after.remaining).toBeLessThanOrEqual(20)
    expect(after.resetsInSeconds).toBeGreaterThan(50)
    expect((await first.state())!.remaining).toBeGreaterThanOrEqual(after.remaining)
  })

  it('allows a burst on a new Redis', async () => {
    const [limiter] = instancesAt(redis.url, 1, 500, 60_000)
    // What is asked before the connection stands is not let through, and must not count as a lost Redis.
    expect(await limiter!.tryAcquire('read')).toBeGreaterThan(0)
    await reached([limiter!], redis)
    const waits = await Promise.all(Array.from({ length: 49 }, () => limiter!.tryAcquire('read')))
    expect(waits).toEqual(waits.map(() => 0))
  })

  it('continues when Redis loses its scripts', async () => {
    const [limiter] = instancesAt(redis.url, 1)
    await reached([limiter!], redis)
    const client = new Redis(redis.url)
    await client.script('FLUSH')
    expect(await limiter!.tryAcquire('read')).toBe(0)
    client.disconnect()
  })

  it('continues when its key holds another type', async () => {
    const client = new Redis(redis.url)
    await client.set('docket:budget:{VENDOR}:bucket', 'mine')
    client.disconnect()
    const [limiter] = instancesAt(redis.url, 1)
    expect((await hammer([limiter!], 1500)).length).toBeGreaterThan(2)
  })
})

describe('the limiter of an instance that never reached Redis', () => {
  const never: RedisConnection = {
    attempt: (_, otherwise) => Promise.resolve(otherwise()),
    close: () => Promise.resolve(),
  }

  it('estimates waits by its local rate, but only after a short outage', async () => {
    let now = 0
    const limiter = createRedisLimiter({ redis: never, key: 'VENDOR', limit: 500, now: () => now })
    expect(await limiter.tryAcquire('read')).toBe(100)
    expect(limiter.estimateWaitMs(9, 'read')).toBeCloseTo((10 * 60_000) / 390, 1)
    now = 2000
    expect(limiter.estimateWaitMs(9, 'read')).toBeCloseTo((10 * 4 * 60_000) / 390 - 2000, 1)
  })

  it('keeps a quarter of the limit', async () => {
    const step = fc.record({
      afterMs: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 90_000 })),
      instance: fc.integer({ min: 0, max: 3 }),
      priority: fc.constantFrom(...PRIORITIES),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 1000 }),
        fc.array(step, { minLength: 20, maxLength: 200 }),
        async (limit, steps) => {
          let now = 0
          const limiters = [0, 1, 2, 3].map(() =>
            createRedisLimiter({ redis: never, key: 'VENDOR', limit, now: () => now }),
          )
          const granted: number[] = []
          for (const { afterMs, instance, priority } of steps) {
            now += afterMs
            while ((await limiters[instance]!.tryAcquire(priority)) === 0) granted.push(now)
          }
          expect(slidingMaximum(granted, 60_000)).toBeLessThanOrEqual(limit)
        },
      ),
    )
  })

  it('grants requests when a server accepts its connection and never replies', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closeAfterTest(async () => {
      sockets.forEach((socket) => socket.destroy())
      await new Promise((resolve) => server.close(resolve))
    })
    const [limiter] = instancesAt(`redis://127.0.0.1:${(server.address() as { port: number }).port}`, 1)
    const began = performance.now()
    const granted = await hammer([limiter!], 2000)
    expect(granted[0]! - began).toBeLessThan(1000)
    expect(granted.length).toBeGreaterThan(5)
  })
})

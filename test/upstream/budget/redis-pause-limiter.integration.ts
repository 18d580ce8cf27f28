import { beforeEach, describe, expect, it } from 'vitest'
import { createRedisPauseLimiter } from '../../../src/upstream/budget/redis-pause-limiter.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { connectForTest } from '../../support/redis.js'
import { startRedis, type PrivateRedis } from '../../support/redis-server.js'

describe('the limiter that keeps no limit but shares pauses', () => {
  let redis: PrivateRedis
  beforeEach(async () => {
    redis = await startRedis()
    closeAfterTest(redis.close)
  })

  async function instance(now?: () => number) {
    const connection = await connectForTest(redis.url)
    return createRedisPauseLimiter({ redis: connection, key: 'kodexa', ...(now && { now }) })
  }

  it('grants everything, and reports no limit', async () => {
    const limiter = await instance()
    for (let asked = 0; asked < 1000; asked++) expect(await limiter.tryAcquire('read')).toBe(0)
    expect(await limiter.state()).toBeNull()
  })

  it('pauses every instance until the longest pause is over', async () => {
    let clock = 0
    const [one, other] = [await instance(() => clock), await instance(() => clock)]
    expect(await other.tryAcquire('cancel')).toBe(0)
    await one.pause(60_000)
    await one.pause(10)
    expect(await one.tryAcquire('cancel')).toBe(60_000)
    clock += 250
    expect(await other.tryAcquire('cancel')).toBeGreaterThan(59_000)
    expect(other.estimateWaitMs(0, 'read')).toBeGreaterThan(59_000)
    // One that starts meanwhile stops as well.
    expect(await (await instance()).tryAcquire('read')).toBeGreaterThan(55_000)
  })

  it('pauses locally without Redis', async () => {
    const limiter = await instance()
    await redis.kill()
    await limiter.pause(60_000)
    expect(await limiter.tryAcquire('cancel')).toBeGreaterThan(59_000)
  })
})

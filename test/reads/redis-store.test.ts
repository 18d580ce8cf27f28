import { Redis } from 'ioredis'
import { beforeEach, expect, it } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import { createMemoryStore } from '../../src/reads/memory-store.js'
import { createRedisStore } from '../../src/reads/redis-store.js'
import type { Kept, Store } from '../../src/reads/store.js'
import { connectRedis } from '../../src/redis/connection.js'
import { closeAfterTest } from '../support/closing.js'
import { describeWithRedis } from '../support/redis.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'

describeWithRedis('the store in Redis', () => {
  let redis: PrivateRedis
  beforeEach(async () => {
    redis = await startRedis()
    closeAfterTest(redis.close)
  })

  /** The store of an instance, once it has its connection. */
  async function instance(): Promise<Store> {
    const connection = connectRedis(redis.url, silentLog)
    closeAfterTest(connection.close)
    await expect
      .poll(() =>
        connection.attempt(
          (client) => client.ping(),
          () => 'not yet',
        ),
      )
      .toBe('PONG')
    return createRedisStore(connection, createMemoryStore(1_000_000))
  }

  const entry = (value: unknown, kept: Partial<Kept> = {}): Kept => ({
    key: 'a',
    value,
    asOf: 1000,
    ttlMs: 60_000,
    ...kept,
  })

  it('gives other instances what one has put, dates and all', async () => {
    const [one, other] = [await instance(), await instance()]
    const value = { item: { createdAt: new Date(5), tags: [null, 'ä'], usage: { total: 1.5 } }, reading: 'plain' }
    await one.put([entry(value), entry({ item: null, reading: 'plain' }, { key: 'b' })])
    expect(await other.get(['b', 'missing', 'a'])).toEqual([{ item: null, reading: 'plain' }, undefined, value])
    expect(await other.get([])).toEqual([])
  })

  it('lets something newer replace, and nothing older', async () => {
    const store = await instance()
    await store.put([entry('cancelled', { asOf: 2000 })])
    await store.put([entry('running', { asOf: 1999 })])
    expect(await store.get(['a'])).toEqual(['cancelled'])
    await store.put([entry('gone', { asOf: 2001 })])
    expect(await store.get(['a'])).toEqual(['gone'])
  })

  it('forgets each when its time is over', async () => {
    const store = await instance()
    await store.put([entry('short', { ttlMs: 30 }), entry('long', { key: 'b' })])
    await expect.poll(() => store.get(['a', 'b'])).toEqual([undefined, 'long'])
  })

  it('holds no key under a name of its own alone', async () => {
    const store = await instance()
    await store.put([entry('x')])
    const client = new Redis(redis.url)
    expect(await client.keys('*')).toEqual(['docket:job:1:a'])
    client.disconnect()
  })

  it.each([
    ['nothing that can be read', 'junk that was never written by a gateway'],
    ['nothing', ''],
    ['a time alone', '0000000001000'],
  ])('takes what holds %s for missing, and replaces it', async (_what, junk) => {
    const store = await instance()
    const client = new Redis(redis.url)
    await client.set('docket:job:1:a', junk)
    expect(await store.get(['a'])).toEqual([undefined])
    await client.set('docket:job:1:a', '')
    await store.put([entry('good')])
    expect(await store.get(['a'])).toEqual(['good'])
    client.disconnect()
  })

  it('keeps things in this process while Redis is gone, and in Redis again when it is back', async () => {
    const [one, other] = [await instance(), await instance()]
    await redis.kill()
    await one.put([entry('alone')])
    expect(await one.get(['a'])).toEqual(['alone'])
    expect(await other.get(['a'])).toEqual([undefined])
    await redis.restart()
    await expect
      .poll(
        async () => {
          await one.put([entry('together', { asOf: 3000 })])
          return other.get(['a'])
        },
        { timeout: 5000 },
      )
      .toEqual(['together'])
  })

  it('does not hold anybody up when Redis hangs', async () => {
    const store = await instance()
    redis.freeze()
    await store.put([entry('alone')])
    expect(await store.get(['a'])).toEqual(['alone'])
    redis.thaw()
  })
})

import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/reads/memory-store.js'
import { createRedisStore } from '../../src/reads/redis-store.js'
import type { NewCacheEntry, CacheStore } from '../../src/reads/cache-store.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { connectForTest } from '../support/redis.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'

describe('the store in Redis', () => {
  let redis: PrivateRedis
  let client: Redis
  beforeEach(async () => {
    redis = await startRedis()
    client = new Redis(redis.url)
    client.on('error', () => {})
    closeAfterTest(() => Promise.resolve(client.disconnect()), redis.close)
  })

  /** The store of an instance, once it has its connection. */
  async function instance(): Promise<CacheStore> {
    const connection = await connectForTest(redis.url)
    return createRedisStore(connection, createMemoryStore(1_000_000))
  }

  const entry = (value: unknown, kept: Partial<NewCacheEntry> = {}): NewCacheEntry => ({
    value,
    asOf: 1000,
    ttlMs: 60_000,
    ...kept,
  })

  const valuesIn = async (store: CacheStore, keys: readonly string[]) =>
    (await store.get(keys)).map((kept) => kept?.value)

  /** Until what it gives is what Redis has, and not this process alone. */
  async function reachRedis(store: CacheStore): Promise<void> {
    await expect.poll(() => valuesIn(store, ['in Redis']), { timeout: 5000 }).toEqual(['there'])
  }

  it('gives other instances what one has put, dates and all', async () => {
    const [one, other] = [await instance(), await instance()]
    const value = { item: { createdAt: new Date(5), tags: [null, 'ä'], usage: { total: 1.5 } }, detail: 'plain' }
    await one.put('a', entry(value))
    await one.put('b', entry({ item: null, detail: 'plain' }))
    expect(await valuesIn(other, ['b', 'missing', 'a'])).toEqual([{ item: null, detail: 'plain' }, undefined, value])
    expect(await other.get([])).toEqual([])
  })

  it('says when what it gives was true, to other instances as well', async () => {
    const [one, other] = [await instance(), await instance()]
    await one.put('a', entry('x', { asOf: 1_772_366_400_123 }))
    for (const store of [one, other]) expect(await store.get(['a'])).toEqual([{ value: 'x', asOf: 1_772_366_400_123 }])
  })

  it('lets something newer replace, and nothing older', async () => {
    const store = await instance()
    await store.put('a', entry('cancelled', { asOf: 2000 }))
    await store.put('a', entry('running', { asOf: 1999 }))
    expect(await valuesIn(store, ['a'])).toEqual(['cancelled'])
    await store.put('a', entry('gone', { asOf: 2001 }))
    expect(await valuesIn(store, ['a'])).toEqual(['gone'])
  })

  it('lets what prevails replace something from a clock that is ahead, for all instances', async () => {
    const [one, other] = [await instance(), await instance()]
    const now = Date.now()
    await one.put('a', entry('running', { asOf: now + 3_600_000 }))
    await other.put('a', entry('an answer like any other', { asOf: now }))
    expect(await valuesIn(other, ['a'])).toEqual(['running'])
    await other.put('a', entry('cancelled', { asOf: now, isAuthoritative: true }))
    expect(await valuesIn(one, ['a'])).toEqual(['cancelled'])
    expect(await valuesIn(other, ['a'])).toEqual(['cancelled'])
    await one.put('a', entry('older', { asOf: now - 1 }))
    expect(await valuesIn(other, ['a'])).toEqual(['cancelled'])
  })

  it('has nothing in the place of what was replaced by something that may not be kept', async () => {
    const [one, other] = [await instance(), await instance()]
    for (const key of ['a', 'b', 'c']) await one.put(key, entry('old', { asOf: 1000 }))
    await other.put('a', entry('newer', { asOf: 1001, ttlMs: 0 }))
    await other.put('b', entry('older', { asOf: 999, ttlMs: 0 }))
    await other.put('c', entry(undefined, { asOf: 999, ttlMs: 0, isAuthoritative: true }))
    for (const store of [one, other])
      expect(await valuesIn(store, ['a', 'b', 'c'])).toEqual([undefined, 'old', undefined])
    expect(await client.keys('*')).toEqual(['docket:job:1:b'])
  })

  it('forgets each when its time is over', async () => {
    const store = await instance()
    await store.put('a', entry('short', { ttlMs: 30 }))
    await store.put('b', entry('long'))
    await expect.poll(() => valuesIn(store, ['a', 'b'])).toEqual([undefined, 'long'])
  })

  it('holds no key under a name of its own alone', async () => {
    const store = await instance()
    await store.put('a', entry('x'))
    expect(await client.keys('*')).toEqual(['docket:job:1:a'])
  })

  it.each([
    ['nothing that can be read', 'junk that was never written by a gateway'],
    ['nothing', ''],
    ['a time alone', '0000000001000'],
  ])('takes what holds %s for missing, and replaces it', async (_what, junk) => {
    const store = await instance()
    await client.set('docket:job:1:a', junk)
    expect(await store.get(['a'])).toEqual([undefined])
    await client.set('docket:job:1:a', '')
    await store.put('a', entry('good'))
    expect(await valuesIn(store, ['a'])).toEqual(['good'])
  })

  it('keeps things in this process while Redis is gone, and in Redis again when it is back', async () => {
    const [one, other] = [await instance(), await instance()]
    await redis.kill()
    await one.put('a', entry('alone'))
    expect(await valuesIn(one, ['a'])).toEqual(['alone'])
    expect(await valuesIn(other, ['a'])).toEqual([undefined])
    await redis.restart()
    await expect
      .poll(
        async () => {
          await one.put('a', entry('together', { asOf: 3000 }))
          return valuesIn(other, ['a'])
        },
        { timeout: 5000 },
      )
      .toEqual(['together'])
  })

  it('finds what was kept while Redis was gone when it is back, as long as that has nothing newer', async () => {
    const [one, other] = [await instance(), await instance()]
    await redis.kill()
    await one.put('a', entry('alone', { asOf: 2000 }))
    await redis.restart()
    await client.set('docket:job:1:in Redis', '')
    await expect
      .poll(
        async () => {
          await other.put('in Redis', entry('there'))
          return client.strlen('docket:job:1:in Redis')
        },
        { timeout: 5000 },
      )
      .toBeGreaterThan(0)
    await reachRedis(one)
    await other.put('a', entry('older', { asOf: 1999 }))
    expect(await valuesIn(one, ['a'])).toEqual(['alone'])
    await other.put('a', entry('newer', { asOf: 2001 }))
    expect(await valuesIn(one, ['a'])).toEqual(['newer'])
  })

  it('does not hold anybody up when Redis hangs', async () => {
    const store = await instance()
    redis.freeze()
    await store.put('a', entry('alone'))
    expect(await valuesIn(store, ['a'])).toEqual(['alone'])
    redis.thaw()
  })

  it('keeps what is large in this process alone, and finds it in the place of what is older', async () => {
    const [one, other] = [await instance(), await instance()]
    await one.put('a', entry('small', { asOf: 1000 }))
    const large = 'x'.repeat(256 * 1024)
    await one.put('a', entry(large, { asOf: 1001 }))
    expect(await valuesIn(one, ['a'])).toEqual([large])
    expect(await valuesIn(other, ['a'])).toEqual([undefined])
    expect(await client.exists('docket:job:1:a')).toBe(0)
    await other.put('a', entry('small again', { asOf: 1002 }))
    expect(await valuesIn(one, ['a'])).toEqual(['small again'])
  })

  it.each([
    ['a drop', { asOf: 2000, ttlMs: 0 }, undefined],
    ['something that runs out soon', { asOf: 2000, ttlMs: 40 }, undefined],
    ['what prevails over another clock', { asOf: 500, ttlMs: 60_000, isAuthoritative: true }, 'own'],
  ])('does not show what is older again when a read-only Redis did not take %s', async (_what, kept, shown) => {
    const store = await instance()
    await store.put('in Redis', entry('there'))
    await store.put('a', entry('older', { asOf: 1000 }))
    await client.replicaof('127.0.0.1', 1)
    await store.put('a', entry('own', kept))
    await reachRedis(store)
    await expect.poll(() => valuesIn(store, ['a'])).toEqual([shown])
  })

  it('replaces junk that somebody else has put under its name', async () => {
    const store = await instance()
    await client.set('docket:job:1:a', 'junk that was never written by a gateway')
    await store.put('a', entry('good'))
    expect(await valuesIn(store, ['a'])).toEqual(['good'])
  })

  it.each([
    ['read-only', () => client.replicaof('127.0.0.1', 1), () => client.replicaof('NO', 'ONE')],
    [
      'full',
      () => client.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', 1),
      () => client.config('SET', 'maxmemory', 0),
    ],
  ])('finds what a Redis that is %s did not take, and not the older one that it has', async (_how, refuse, take) => {
    const [one, other] = [await instance(), await instance()]
    await other.put('in Redis', entry('there'))
    await other.put('a', entry('older', { asOf: 1000 }))
    await refuse()
    await one.put('a', entry('own', { asOf: 1001 }))
    expect(await valuesIn(one, ['a'])).toEqual(['own'])
    await reachRedis(one)
    expect(await valuesIn(one, ['a', 'in Redis'])).toEqual(['own', 'there'])
    expect(await valuesIn(other, ['a'])).toEqual(['older'])

    await one.put('a', entry('older than its own', { asOf: 1000 }))
    expect(await valuesIn(one, ['a'])).toEqual(['own'])

    await take()
    await expect
      .poll(
        async () => {
          await one.put('a', entry('newest', { asOf: 1002 }))
          return valuesIn(other, ['a'])
        },
        { timeout: 5000 },
      )
      .toEqual(['newest'])
    await other.put('a', entry('of the other', { asOf: 1003 }))
    expect(await valuesIn(one, ['a'])).toEqual(['of the other'])

    // Nor does what this process had by itself come back.
    await redis.kill()
    expect(await valuesIn(one, ['a'])).toEqual([undefined])
  })
})

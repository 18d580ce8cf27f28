import { Redis } from 'ioredis'
import type { RedisConnection } from '../../../src/redis/connection.js'
import type { PrivateRedis } from '../../support/redis-server.js'

/** A real Redis with a clock that is set by hand, so that minutes pass at once. */
export interface TimedRedis {
  /** For one instance, which may be cut off by setting `isDown`. */
  connection(): RedisConnection & { isDown: boolean }
  /** Of Redis and of all instances, in ms. */
  now(): number
  advance(ms: number): Promise<void>
  /** It forgets everything but the time. */
  empty(): Promise<void>
  close(): void
}

export async function connectTimed({ url }: PrivateRedis): Promise<TimedRedis> {
  const redis = new Redis(url)
  let nowMs = 1_700_000_000_000
  const setClock = () =>
    redis.mset('s', String(Math.floor(nowMs / 1000)), 'us', String(Math.round((nowMs % 1000) * 1000)))
  await setClock()
  const timed = {
    evalsha: () => Promise.reject(new Error('NOSCRIPT')),
    eval: (script: string, ...rest: [number, ...string[]]) =>
      redis.eval(script.replace(`redis.call('TIME')`, `redis.call('MGET', 's', 'us')`), ...rest),
  } as unknown as Redis

  return {
    connection() {
      const connection = {
        isDown: false,
        attempt: <T>(work: (redis: Redis) => Promise<T>, otherwise: () => T | Promise<T>) =>
          connection.isDown ? Promise.resolve(otherwise()) : work(timed),
        close: () => Promise.resolve(),
      }
      return connection
    },
    now: () => nowMs,
    async advance(ms) {
      nowMs += ms
      await setClock()
    },
    async empty() {
      await redis.flushall()
      await setClock()
    },
    close: () => redis.disconnect(),
  }
}

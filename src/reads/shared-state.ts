import { createMemoryLimiter } from '../upstream/budget/memory-limiter.js'
import type { Limiter } from '../upstream/budget/limiter.js'
import { createRedisPauseLimiter } from '../upstream/budget/redis-pause-limiter.js'
import { createUnlimitedLimiter } from '../upstream/budget/unlimited-limiter.js'
import { createRedisLimiter } from '../upstream/budget/redis-limiter.js'
import type { Log } from '../job/log.js'
import type { Secret } from '../job/secret.js'
import { connectRedis } from '../redis/connection.js'
import { createReadCache, type ReadCache } from './read-cache.js'
import { createMemoryStore } from './memory-store.js'
import { createRedisStore } from './redis-store.js'

export interface SharedStateOptions {
  /** How long a job that has ended may be shown as it was read, in ms. 0: not at all. Default 60,000. */
  readonly terminalMs?: number
  /** The same for jobs that have not ended, for those that do not exist, and for lists. Default 1000. */
  readonly liveMs?: number
  /** How much memory may be taken by what is kept so. Default 64 MiB. */
  readonly cacheBytes?: number
  /** How long to wait for what other requests want before a vendor is asked, in ms. Default 0: what is wanted in one tick goes together. */
  readonly batchWindowMs?: number
  /** A Redis through which instances share what was read and what may be sent. Default: this instance is alone. */
  readonly redisUrl?: Secret | undefined
  /** Names the address from which the vendors see this instance; those with the same name share a limit. Default `default`. */
  readonly egress?: string
  /** The time to which the vendors' limits apply, in ms. Default a minute. */
  readonly rateWindowMs?: number
  readonly log: Log
}

/** What requests share with each other, and instances with each other. */
export interface SharedState {
  readonly cache: ReadCache
  /** In ms. */
  readonly batchWindowMs: number
  /**
   * Counts what is sent to one vendor.
   * @param name of whom: those of the same name share the limit
   * @param limit requests a minute; null keeps none
   */
  limiter(name: string, limit: number | null): Limiter
  close(): Promise<void>
}

const HEARTBEAT_MS = 60_000
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024

/** Opens nothing without a `redisUrl`. */
export function createSharedState(options: SharedStateOptions): SharedState {
  const { log, redisUrl, egress = 'default', rateWindowMs: windowMs = 60_000 } = options
  // What was read can be heavy, and must not hold up what may be sent.
  const redis =
    redisUrl === undefined
      ? null
      : { store: connectRedis(redisUrl, log, 'cache'), limits: connectRedis(redisUrl, log, 'budget') }
  const limiters = new Map<string, Limiter>()
  // So that instances without work are known to the others, should Redis go.
  const beat = () => limiters.forEach((limiter) => void limiter.state())
  const heartbeat = redis && setInterval(beat, HEARTBEAT_MS).unref()

  function createLimiter(name: string, limit: number | null): Limiter {
    const key = `${egress}:${name}`
    if (limit === null) return redis ? createRedisPauseLimiter({ redis: redis.limits, key }) : createUnlimitedLimiter()
    const rate = { limit, windowMs }
    return redis ? createRedisLimiter({ redis: redis.limits, key, ...rate }) : createMemoryLimiter(rate)
  }

  const memory = createMemoryStore(options.cacheBytes ?? DEFAULT_CACHE_BYTES)
  return {
    cache: createReadCache({
      jobStore: redis ? createRedisStore(redis.store, memory) : memory,
      responseStore: memory,
      terminalMs: options.terminalMs ?? 60_000,
      liveMs: options.liveMs ?? 1000,
    }),
    batchWindowMs: options.batchWindowMs ?? 0,
    limiter(name, limit) {
      const limiter = limiters.get(name) ?? createLimiter(name, limit)
      limiters.set(name, limiter)
      return limiter
    },
    async close() {
      if (heartbeat) clearInterval(heartbeat)
      await Promise.all([redis?.store.close(), redis?.limits.close()])
    },
  }
}

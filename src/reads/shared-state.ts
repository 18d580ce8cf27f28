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
  /** TTL of cached jobs that have ended, in ms; 0 disables it. Default 60,000. */
  readonly terminalMs?: number
  /** TTL of live jobs, of jobs that do not exist, and of lists, in ms. Default 1000. */
  readonly liveMs?: number
  /** Memory limit of the cache in this process. Default 64 MiB. */
  readonly cacheBytes?: number
  /** How long to collect reads of other operations before a request is sent, in ms. Default 0: reads of one tick are batched. */
  readonly batchWindowMs?: number
  /** A Redis through which instances share the cache and the request budgets. Default: none, the instance runs alone. */
  readonly redisUrl?: Secret | undefined
  /** Names the outbound address of this instance; instances with the same name share a rate limit. Default `default`. */
  readonly egress?: string
  /** The window of the vendors' rate limits, in ms. Default 60,000. */
  readonly rateWindowMs?: number
  readonly log: Log
}

/** State shared by all requests, and through Redis by all instances. */
export interface SharedState {
  readonly cache: ReadCache
  /** In ms. */
  readonly batchWindowMs: number
  /**
   * The limiter of one vendor.
   * @param name equal names share one limiter
   * @param limit requests per minute; null means unlimited
   */
  limiter(name: string, limit: number | null): Limiter
  close(): Promise<void>
}

const HEARTBEAT_MS = 60_000
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024

/** Opens connections only with a `redisUrl`. */
export function createSharedState(options: SharedStateOptions): SharedState {
  const { log, redisUrl, egress = 'default', rateWindowMs: windowMs = 60_000 } = options
  // Two connections, so that large cache values do not delay permits.
  const redis =
    redisUrl === undefined
      ? null
      : { store: connectRedis(redisUrl, log, 'cache'), limits: connectRedis(redisUrl, log, 'budget') }
  const limiters = new Map<string, Limiter>()
  // Announces idle instances, so that the others count them when Redis fails.
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

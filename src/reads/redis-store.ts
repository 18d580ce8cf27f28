import { deserialize, serialize } from 'node:v8'
import type { RedisConnection } from '../redis/connection.js'
import type { CacheEntry, NewCacheEntry, CacheStore } from './cache-store.js'

/** To be changed with the shape of what is kept, so that instances of two versions can share a Redis. */
const PREFIX = 'docket:job:1:'
/** Larger ones would hold up all others on their way, and are kept in this process alone. */
const MAX_BYTES = 256 * 1024
/** As long as anything may be kept: what Redis could not be told of may have something older there until then. */
const LOCAL_OVERRIDE_MS = 10 * 60 * 1000

/** A value begins with the time when it was true, in 13 digits. Only something newer takes its place. */
const PUT_SCRIPT = `
local kept = tonumber(redis.call('GETRANGE', KEYS[1], 0, 12))
if ARGV[3] == '0' and kept and kept > tonumber(string.sub(ARGV[1], 1, 13)) then return end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end`
const TIME_DIGITS = 13

/** What Redis was not told of: shown until its time is over, and hiding what is older for longer than that. */
interface LocalOverride extends CacheEntry {
  readonly until: number
  readonly isAuthoritative: boolean
}

/**
 * Keeps what was read where all instances find it. What Redis does not take, because it is gone, slow, full or
 * read-only, is kept in `fallback`, and found there as long as Redis has nothing newer.
 */
export function createRedisStore(redis: RedisConnection, fallback: CacheStore): CacheStore {
  async function share(key: string, { value, asOf, ttlMs, isAuthoritative }: NewCacheEntry): Promise<boolean> {
    const written = write({ asOf, value: ttlMs > 0 ? value : undefined })
    const fits = written.length <= MAX_BYTES
    const args = fits ? [written, Math.ceil(ttlMs)] : [write({ asOf, value: undefined }), 0]
    const isTold = await redis.attempt(
      async (client) => {
        await client.eval(PUT_SCRIPT, 1, PREFIX + key, ...args, isAuthoritative ? 1 : 0)
        return true
      },
      () => false,
    )
    return isTold && fits
  }

  return {
    async get(keys) {
      if (keys.length === 0) return []
      const names = keys.map((key) => PREFIX + key)
      const [shared, own] = await Promise.all([
        redis.attempt(
          async (client) => (await client.mgetBuffer(names)).map(read),
          () => null,
        ),
        fallback.get(keys),
      ])
      return keys.map((_, index) => choose(shared?.[index], own[index]?.value as LocalOverride | undefined))
    },
    async put(key, kept) {
      const { value, asOf, ttlMs, isAuthoritative = false } = kept
      if (await share(key, kept)) return fallback.put(key, { ...kept, ttlMs: 0 })
      const own: LocalOverride = { value, asOf, until: Date.now() + ttlMs, isAuthoritative }
      await fallback.put(key, { value: own, asOf, ttlMs: LOCAL_OVERRIDE_MS, isAuthoritative })
    },
  }
}

function choose(shared: CacheEntry | undefined, own: LocalOverride | undefined): CacheEntry | undefined {
  if (own === undefined) return shared
  const isShown = Date.now() < own.until
  if (shared && shared.asOf > own.asOf && !(own.isAuthoritative && isShown)) return shared
  return isShown ? { value: own.value, asOf: own.asOf } : undefined
}

function write({ asOf, value }: CacheEntry): Buffer {
  return Buffer.concat([Buffer.from(String(asOf).padStart(TIME_DIGITS, '0')), serialize(value)])
}

/** What another version of Node wrote may be unreadable here. */
function read(kept: Buffer | null): CacheEntry | undefined {
  if (kept === null) return undefined
  try {
    const asOf = Number(kept.subarray(0, TIME_DIGITS).toString())
    return { asOf, value: deserialize(kept.subarray(TIME_DIGITS)) as unknown }
  } catch {
    return undefined
  }
}

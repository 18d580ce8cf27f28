import { deserialize, serialize } from 'node:v8'
import type { RedisConnection } from '../redis/connection.js'
import type { CacheEntry, NewCacheEntry, CacheStore } from './cache-store.js'

/** Change the number with the shape of the stored values, so that instances of two versions can share a Redis. */
const PREFIX = 'docket:job:1:'
/** Larger values would delay all others on the connection, so they stay in this process. */
const MAX_BYTES = 256 * 1024
/** The longest TTL of any entry: while Redis missed a write, it may hold an older entry for that long. */
const LOCAL_OVERRIDE_MS = 10 * 60 * 1000

/** A stored value starts with its `asOf` in 13 digits. Only a newer or an authoritative one replaces it. */
const PUT_SCRIPT = `
local stored = tonumber(redis.call('GETRANGE', KEYS[1], 0, 12))
if ARGV[3] == '0' and stored and stored > tonumber(string.sub(ARGV[1], 1, 13)) then return end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end`
const TIME_DIGITS = 13

/** A write that Redis missed: served until it expires, and hiding older entries of Redis beyond that. */
interface LocalOverride extends CacheEntry {
  /** Epoch ms. */
  readonly expiresAt: number
  readonly isAuthoritative: boolean
}

/**
 * Stores entries in Redis for all instances. What Redis does not take (gone, slow, full or read-only) goes to
 * `fallback` and is served from there until Redis has a newer entry.
 */
export function createRedisStore(redis: RedisConnection, fallback: CacheStore): CacheStore {
  async function putShared(key: string, { value, asOf, ttlMs, isAuthoritative }: NewCacheEntry): Promise<boolean> {
    const encoded = encode({ asOf, value: ttlMs > 0 ? value : undefined })
    const fits = encoded.length <= MAX_BYTES
    const args = fits ? [encoded, Math.ceil(ttlMs)] : [encode({ asOf, value: undefined }), 0]
    const isWritten = await redis.attempt(
      async (client) => {
        await client.eval(PUT_SCRIPT, 1, PREFIX + key, ...args, isAuthoritative ? 1 : 0)
        return true
      },
      () => false,
    )
    return isWritten && fits
  }

  return {
    async get(keys) {
      if (keys.length === 0) return []
      const redisKeys = keys.map((key) => PREFIX + key)
      const [shared, local] = await Promise.all([
        redis.attempt(
          async (client) => (await client.mgetBuffer(redisKeys)).map(decode),
          () => null,
        ),
        fallback.get(keys),
      ])
      return keys.map((_, index) => choose(shared?.[index], local[index]?.value as LocalOverride | undefined))
    },
    async put(key, entry) {
      const { value, asOf, ttlMs, isAuthoritative = false } = entry
      if (await putShared(key, entry)) return fallback.put(key, { ...entry, ttlMs: 0 })
      const override: LocalOverride = { value, asOf, expiresAt: Date.now() + ttlMs, isAuthoritative }
      await fallback.put(key, { value: override, asOf, ttlMs: LOCAL_OVERRIDE_MS, isAuthoritative })
    },
  }
}

function choose(shared: CacheEntry | undefined, local: LocalOverride | undefined): CacheEntry | undefined {
  if (local === undefined) return shared
  const isValid = Date.now() < local.expiresAt
  if (shared && shared.asOf > local.asOf && !(local.isAuthoritative && isValid)) return shared
  return isValid ? { value: local.value, asOf: local.asOf } : undefined
}

function encode({ asOf, value }: CacheEntry): Buffer {
  return Buffer.concat([Buffer.from(String(asOf).padStart(TIME_DIGITS, '0')), serialize(value)])
}

/** Undefined for a value that this version of Node cannot read, because another version wrote it. */
function decode(encoded: Buffer | null): CacheEntry | undefined {
  if (encoded === null) return undefined
  try {
    const asOf = Number(encoded.subarray(0, TIME_DIGITS).toString())
    return { asOf, value: deserialize(encoded.subarray(TIME_DIGITS)) as unknown }
  } catch {
    return undefined
  }
}

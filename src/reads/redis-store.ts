import { deserialize, serialize } from 'node:v8'
import type { RedisConnection } from '../redis/connection.js'
import type { Kept, Store } from './store.js'

/** To be changed with the shape of what is kept, so that instances of two versions can share a Redis. */
const PREFIX = 'docket:job:1:'

/** A value begins with the time when it was true, in 13 digits. Only something newer replaces it. */
const KEEP = `
local kept = redis.call('GETRANGE', KEYS[1], 0, 12)
if kept == '' or kept <= string.sub(ARGV[1], 1, 13) then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end`
const TIME_DIGITS = 13

/** Keeps what was read where all instances find it; and in `fallback` while Redis is slow or gone. */
export function createRedisStore(redis: RedisConnection, fallback: Store): Store {
  return {
    get(keys) {
      if (keys.length === 0) return Promise.resolve([])
      return redis.attempt(
        async (client) => (await client.mgetBuffer(keys.map((key) => PREFIX + key))).map(read),
        () => fallback.get(keys) as Promise<unknown[]>,
      )
    },
    put: (entries) =>
      redis.attempt(
        async (client) => {
          // One after the other on one connection. A pipeline would keep its errors to itself.
          const puts = entries.map((entry) =>
            client.eval(KEEP, 1, PREFIX + entry.key, write(entry), Math.ceil(entry.ttlMs)),
          )
          await Promise.all(puts)
        },
        () => fallback.put(entries),
      ),
  }
}

function write({ asOf, value }: Kept): Buffer {
  return Buffer.concat([Buffer.from(String(asOf).padStart(TIME_DIGITS, '0')), serialize(value)])
}

/** What another version of Node wrote may be unreadable here. */
function read(kept: Buffer | null): unknown {
  try {
    return kept === null ? undefined : deserialize(kept.subarray(TIME_DIGITS))
  } catch {
    return undefined
  }
}

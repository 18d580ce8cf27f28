import { LRUCache } from 'lru-cache'
import { sizeOf } from './size.js'
import type { KeptFor, Store } from './store.js'

/** What the cache itself needs for an entry, about. */
const ENTRY_BYTES = 400

/** Keeps what was read in this process, up to so many bytes; what was not wanted for longest goes first. */
export function createMemoryStore(maxBytes: number): Store {
  const cache = new LRUCache<string, KeptFor>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, key) => ENTRY_BYTES + sizeOf(key) + sizeOf(value),
  })
  return {
    get: (keys) => Promise.resolve(keys.map((key) => cache.get(key))),
    put(key, kept) {
      const before = cache.peek(key)
      if (before !== undefined && before.asOf > kept.asOf && !kept.prevails) return Promise.resolve()
      if (kept.ttlMs > 0) cache.set(key, kept, { ttl: kept.ttlMs })
      else cache.delete(key)
      return Promise.resolve()
    },
  }
}

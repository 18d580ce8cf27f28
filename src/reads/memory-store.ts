import { LRUCache } from 'lru-cache'
import { estimateSize } from './estimate-size.js'
import type { NewCacheEntry, CacheStore } from './cache-store.js'

/** What the cache itself needs for an entry, about. */
const ENTRY_BYTES = 400

/** Keeps what was read in this process, up to so many bytes; what was not wanted for longest goes first. */
export function createMemoryStore(maxBytes: number): CacheStore {
  const cache = new LRUCache<string, NewCacheEntry>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, key) => ENTRY_BYTES + estimateSize(key) + estimateSize(value),
  })
  return {
    get: (keys) => Promise.resolve(keys.map((key) => cache.get(key))),
    put(key, kept) {
      const before = cache.peek(key)
      if (before !== undefined && before.asOf > kept.asOf && !kept.isAuthoritative) return Promise.resolve()
      if (kept.ttlMs > 0) cache.set(key, kept, { ttl: kept.ttlMs })
      else cache.delete(key)
      return Promise.resolve()
    },
  }
}

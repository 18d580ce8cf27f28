import { LRUCache } from 'lru-cache'
import { estimateSize } from './estimate-size.js'
import type { NewCacheEntry, CacheStore } from './cache-store.js'

/** Approximate overhead of the LRU cache per entry. */
const ENTRY_BYTES = 400

/** Stores entries in this process, up to `maxBytes` in all; evicts the least recently used first. */
export function createMemoryStore(maxBytes: number): CacheStore {
  const cache = new LRUCache<string, NewCacheEntry>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, key) => ENTRY_BYTES + estimateSize(key) + estimateSize(value),
  })
  return {
    get: (keys) => Promise.resolve(keys.map((key) => cache.get(key))),
    put(key, entry) {
      const previous = cache.peek(key)
      if (previous !== undefined && previous.asOf > entry.asOf && !entry.isAuthoritative) return Promise.resolve()
      if (entry.ttlMs > 0) cache.set(key, entry, { ttl: entry.ttlMs })
      else cache.delete(key)
      return Promise.resolve()
    },
  }
}

import { LRUCache } from 'lru-cache'
import { sizeOf } from './size.js'
import type { Kept, Store } from './store.js'

/** Keeps what was read in this process, up to so many bytes; what was not wanted for longest goes first. */
export function createMemoryStore(maxBytes: number): Store {
  const cache = new LRUCache<string, Kept>({ maxSize: maxBytes, sizeCalculation: ({ value }) => sizeOf(value) })
  return {
    get: (keys) => Promise.resolve(keys.map((key) => cache.get(key)?.value)),
    put(entries) {
      for (const entry of entries) {
        const kept = cache.peek(entry.key)
        if (kept === undefined || kept.asOf <= entry.asOf) cache.set(entry.key, entry, { ttl: entry.ttlMs })
      }
      return Promise.resolve()
    },
  }
}

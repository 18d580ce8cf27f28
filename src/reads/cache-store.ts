/** A cached value. */
export interface CacheEntry {
  readonly value: unknown
  /** When the value was current at the vendor, in epoch ms. */
  readonly asOf: number
}

export interface NewCacheEntry extends CacheEntry {
  /** How long to keep it, in ms; 0 only removes what was stored under the key. */
  readonly ttlMs: number
  /** Whether it replaces entries with a later `asOf`: another instance's clock may be ahead. */
  readonly isAuthoritative?: boolean
}

/** Storage behind the read cache. It may evict any entry at any time, and never rejects. */
export interface CacheStore {
  /** One entry for each key, in the same order; undefined for a miss. */
  get(keys: readonly string[]): Promise<readonly (CacheEntry | undefined)[]>
  /** Replaces an older entry. */
  put(key: string, entry: NewCacheEntry): Promise<void>
}

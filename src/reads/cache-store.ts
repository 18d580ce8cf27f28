/** Something read from a vendor, kept for a while. */
export interface CacheEntry {
  readonly value: unknown
  /** When it was true, in epoch ms. */
  readonly asOf: number
}

export interface NewCacheEntry extends CacheEntry {
  /** How long to keep it, in ms; with 0 it only takes the place of what was kept. */
  readonly ttlMs: number
  /** Whether it holds whatever the clock of another instance says. */
  readonly isAuthoritative?: boolean
}

/** Where what was read is kept. It may forget anything at any time, and fails never. */
export interface CacheStore {
  /** One for each key, in the same order; undefined for what is not there. */
  get(keys: readonly string[]): Promise<readonly (CacheEntry | undefined)[]>
  /** Keeps this in the place of what is older. */
  put(key: string, kept: NewCacheEntry): Promise<void>
}

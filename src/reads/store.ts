/** Something read from a vendor, kept for a while. */
export interface Kept {
  readonly key: string
  readonly value: unknown
  /** When it was true, in epoch ms. */
  readonly asOf: number
  /** How long to keep it. */
  readonly ttlMs: number
}

/** Where what was read is kept. It may forget anything at any time, and fails never. */
export interface Store {
  /** One value for each key, in the same order; undefined for what is not there. */
  get(keys: readonly string[]): Promise<readonly unknown[]>
  /** Keeps these, but for those of which something newer is kept. */
  put(entries: readonly Kept[]): Promise<void>
}

/** Something read from a vendor, kept for a while. */
export interface Kept {
  readonly value: unknown
  /** When it was true, in epoch ms. */
  readonly asOf: number
}

export interface KeptFor extends Kept {
  /** How long to keep it, in ms; with 0 it only takes the place of what was kept. */
  readonly ttlMs: number
  /** Whether it holds whatever the clock of another instance says. */
  readonly prevails?: boolean
}

/** Where what was read is kept. It may forget anything at any time, and fails never. */
export interface Store {
  /** One for each key, in the same order; undefined for what is not there. */
  get(keys: readonly string[]): Promise<readonly (Kept | undefined)[]>
  /** Keeps this in the place of what is older. */
  put(key: string, kept: KeptFor): Promise<void>
}

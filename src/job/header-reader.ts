/** The read-only part of `Headers` that the gateway uses. */
export interface HeaderReader {
  /** @param name case-insensitive */
  get(name: string): string | null
}

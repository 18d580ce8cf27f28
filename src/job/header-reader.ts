/** The part of `Headers` by which they are read. */
export interface HeaderReader {
  /** @param name in whatever case */
  get(name: string): string | null
}

/** One page of a vendor's list, already normalised. */
export interface Page<T> {
  readonly items: readonly T[]
  /** How many there are in all; null where the vendor does not say. */
  readonly total: number | null
  readonly isLast: boolean
}

/** An empty list that needs no call: nothing can match. */
export const EMPTY_PAGE: Page<never> = { items: [], total: 0, isLast: true }

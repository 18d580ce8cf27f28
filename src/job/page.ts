/** One page of a vendor's list, already normalised. */
export interface Page<T> {
  readonly items: readonly T[]
  /** How many there are in all; null where the vendor does not say. */
  readonly total: number | null
  readonly isLast: boolean
  /** How many items a page has at this vendor, when that is fewer than were asked for. */
  readonly cap: number | null
}

/** An empty list that needs no call: nothing can match. */
export const EMPTY_PAGE: Page<never> = { items: [], total: 0, isLast: true, cap: null }

/** What a vendor said beside the rows of a page. */
export interface PageMetadata {
  /** From 1. */
  readonly page: number
  /** How many rows were asked for. */
  readonly asked: number
  readonly rows: number
  readonly total: number | null
  /** The size of a page by the vendor's own word; null when it gave none. */
  readonly size: number | null
  /** Whether this is the last page by the vendor's own word; null when it gave none. */
  readonly last: boolean | null
}

/**
 * Whether a page is the last one, and whether pages are shorter here than was asked for. A vendor may cap pages
 * without saying so; a page that is short although there is more shows it, and so does one with more than can be left.
 */
export function pageInfoOf({
  page,
  asked,
  rows,
  total,
  size,
  last,
}: PageMetadata): Pick<Page<unknown>, 'isLast' | 'cap'> {
  const capped = size !== null && size > 0 && size < asked ? size : null
  const reach = (page - 1) * asked + rows
  const isOdd = last === false || (total !== null && (reach < total || (page > 1 && reach > total)))
  const isCutShort = rows > 0 && rows < asked && isOdd
  const cap = capped ?? (isCutShort ? rows : null)
  if (rows === 0) return { isLast: true, cap }
  if (last !== null) return { isLast: last, cap }
  const stride = cap ?? asked
  return { isLast: total === null ? rows < stride : (page - 1) * stride + rows >= total, cap }
}

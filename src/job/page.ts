/** One page of a vendor's list, already normalised. */
export interface Page<T> {
  readonly items: readonly T[]
  /** How many items the list has; null when the vendor does not report it. */
  readonly total: number | null
  readonly isLast: boolean
  /** The vendor's maximum page size, when that is smaller than the requested one; else null. */
  readonly cap: number | null
}

/** The page for a filter that nothing can match, which needs no request. */
export const EMPTY_PAGE: Page<never> = { items: [], total: 0, isLast: true, cap: null }

/** A page as requested, and what the vendor reported beside its rows. */
export interface PageMetadata {
  /** From 1. */
  readonly page: number
  /** How many rows were requested. */
  readonly requested: number
  readonly rows: number
  readonly total: number | null
  /** The page size as the vendor reports it; null when it does not. */
  readonly size: number | null
  /** Whether the vendor reports that this is the last page; null when it does not say. */
  readonly last: boolean | null
}

/**
 * Finds out whether a page is the last one, and whether the vendor caps the page size. A vendor may cap it silently:
 * then a page is short although there are more rows, or has more rows than can be left.
 */
export function pageInfoOf(metadata: PageMetadata): Pick<Page<unknown>, 'isLast' | 'cap'> {
  const { page, requested, rows, total, size, last } = metadata
  const reportedCap = size !== null && size > 0 && size < requested ? size : null
  const rowsSoFar = (page - 1) * requested + rows
  const isInconsistent = last === false || (total !== null && (rowsSoFar < total || (page > 1 && rowsSoFar > total)))
  const isCapped = rows > 0 && rows < requested && isInconsistent
  const cap = reportedCap ?? (isCapped ? rows : null)
  if (rows === 0) return { isLast: true, cap }
  if (last !== null) return { isLast: last, cap }
  const pageSize = cap ?? requested
  return { isLast: total === null ? rows < pageSize : (page - 1) * pageSize + rows >= total, cap }
}

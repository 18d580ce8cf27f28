import type { Job } from '../job/job.js'
import type { Page } from '../job/page.js'
import { decodeCursor, encodeCursor, type ListIdentity, type ListPosition } from './cursor.js'
import { MAX_PAGE_SIZE, pageSize, maxRows } from './page-args.js'

export interface PaginateOptions<T extends Job> {
  /** Identifies the list: its name and arguments, without `first` and `after`. */
  readonly list: ListIdentity
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  /** Fetches one page of the vendor's list, counted from 1; null when the vendor has no such list. */
  readonly fetch: (page: number, size: number) => Promise<Page<T> | null>
  /** Filters what the vendor cannot filter. */
  readonly isWanted?: ((item: T) => boolean) | undefined
  /** Whether the filter drops most rows, so that large pages pay off. */
  readonly sparse?: boolean
}

export interface PaginatedConnection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | null
}

/** Vendor requests for one page. A filter of ours, or capped pages, must not read a whole collection. */
const MAX_PAGES = 5

/** The worst-case cost of a paginated connection, and how many jobs it returns. */
export function paginationComplexity({ first }: { readonly first?: number | null | undefined }) {
  return { field: MAX_PAGES, multiplier: maxRows(first) }
}

/**
 * A Relay connection over a list that the vendor pages by number. A page costs one request, or up to five when the
 * vendor caps its pages or `isWanted` drops rows. If five do not suffice, the page is shorter and `endCursor` continues
 * from there.
 * @throws {BadInputError} for an invalid `first` or `after`, before anything is fetched
 */
export async function paginate<T extends Job>(options: PaginateOptions<T>): Promise<PaginatedConnection<T> | null> {
  const wanted = pageSize(options.first)
  const start: ListPosition =
    options.after == null ? { offset: 0, cap: null } : decodeCursor(options.list, options.after)
  const edges: { cursor: string; node: T }[] = []
  const seen = new Set<string>()
  let { offset, cap } = start
  let total: number | null = null
  let hasNextPage = true
  for (let calls = 0; calls < MAX_PAGES && edges.length < wanted && hasNextPage; calls++) {
    const size = Math.min(cap ?? MAX_PAGE_SIZE, options.sparse ? MAX_PAGE_SIZE : wanted)
    const page = Math.floor(offset / size) + 1
    const response = await options.fetch(page, size)
    if (response === null) return null
    const hasShifted = response.cap !== null && response.cap < size && page > 1
    cap = response.cap ?? cap
    // The vendor capped the page, so it starts at another offset than requested.
    if (hasShifted) continue
    total = response.total ?? total
    const { items } = response
    for (let index = offset - (page - 1) * size; index < items.length && edges.length < wanted; index++) {
      const node = items[index]!
      offset++
      // Jobs created meanwhile push others onto the next page.
      if (seen.has(node.vendorId)) continue
      seen.add(node.vendorId)
      if (options.isWanted && !options.isWanted(node)) continue
      edges.push({ cursor: encodeCursor(options.list, { offset, cap }), node })
    }
    const isPageDone = offset >= (page - 1) * size + items.length
    hasNextPage = !(response.isLast && isPageDone)
    // Dropped rows make the page shorter than its share of the list.
    if (isPageDone && !response.isLast) offset = (page - 1) * size + Math.min(cap ?? size, size)
  }
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: options.after != null,
      startCursor: edges[0]?.cursor ?? null,
      // A short page continues after the rows it has read, not after those it returns.
      endCursor: hasNextPage ? encodeCursor(options.list, { offset, cap }) : (edges.at(-1)?.cursor ?? null),
    },
    // The vendor's total includes the dropped rows.
    totalCount: edges.length === seen.size && !options.sparse ? total : null,
  }
}

import type { Job } from '../job/job.js'
import type { Page } from '../job/page.js'
import { decodeCursor, encodeCursor, type ListIdentity, type ListPosition } from './cursor.js'
import { MAX_PAGE_SIZE, pageSize, maxRows } from './page-args.js'

export interface PaginateOptions<T extends Job> {
  /** What makes this list another than others: its name and arguments, `first` and `after` aside. */
  readonly list: ListIdentity
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  /** Fetches one page of the vendor's list, counted from 1; null when there is no such list. */
  readonly fetch: (page: number, size: number) => Promise<Page<T> | null>
  /** Leaves out what the vendor did not. */
  readonly isWanted?: ((item: T) => boolean) | undefined
  /** Whether much is to be left out, so that it pays to read large pages. */
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

/** A filter that the vendor cannot apply, or a cap on its pages, must not make one request read a whole collection. */
const MAX_PAGES = 5

/** What a connection that is walked costs at worst, and how many jobs it gives. */
export function paginationComplexity({ first }: { readonly first?: number | null | undefined }) {
  return { field: MAX_PAGES, multiplier: maxRows(first) }
}

/**
 * A Relay connection over a list that the vendor pages by number. A page costs one call where the vendor gives
 * what it is asked for, and up to five where it gives less or `keep` leaves much out; where those do not suffice
 * the page is shorter and its `endCursor` goes on from there.
 * @throws {BadInputError} for a bad `first` or `after`, before anything is fetched
 */
export async function paginate<T extends Job>(walk: PaginateOptions<T>): Promise<PaginatedConnection<T> | null> {
  const wanted = pageSize(walk.first)
  const start: ListPosition = walk.after == null ? { offset: 0, cap: null } : decodeCursor(walk.list, walk.after)
  const edges: { cursor: string; node: T }[] = []
  const seen = new Set<string>()
  let { offset, cap } = start
  let total: number | null = null
  let hasNextPage = true
  for (let calls = 0; calls < MAX_PAGES && edges.length < wanted && hasNextPage; calls++) {
    const size = Math.min(cap ?? MAX_PAGE_SIZE, walk.sparse ? MAX_PAGE_SIZE : wanted)
    const page = Math.floor(offset / size) + 1
    const answer = await walk.fetch(page, size)
    if (answer === null) return null
    const isOtherPage = answer.cap !== null && answer.cap < size && page > 1
    cap = answer.cap ?? cap
    // Shorter pages than thought: this one begins elsewhere than where it was to go on.
    if (isOtherPage) continue
    total = answer.total ?? total
    const { items } = answer
    for (let index = offset - (page - 1) * size; index < items.length && edges.length < wanted; index++) {
      const node = items[index]!
      offset++
      // Jobs that are created meanwhile push others onto the next page.
      if (seen.has(node.vendorId)) continue
      seen.add(node.vendorId)
      if (walk.isWanted && !walk.isWanted(node)) continue
      edges.push({ cursor: encodeCursor(walk.list, { offset, cap }), node })
    }
    const isReadOut = offset >= (page - 1) * size + items.length
    hasNextPage = !(answer.isLast && isReadOut)
    // Rows that could not be read make a page shorter than its place in the list.
    if (isReadOut && !answer.isLast) offset = (page - 1) * size + Math.min(cap ?? size, size)
  }
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: walk.after != null,
      startCursor: edges[0]?.cursor ?? null,
      // A short page goes on behind what it has looked at, not behind what it has kept.
      endCursor: hasNextPage ? encodeCursor(walk.list, { offset, cap }) : (edges.at(-1)?.cursor ?? null),
    },
    // A total that counts what is left out is worth nothing.
    totalCount: edges.length === seen.size && !walk.sparse ? total : null,
  }
}

import type { Job } from '../job/job.js'
import type { Page } from '../job/page.js'
import { decodeCursor, encodeCursor, type PagePosition } from './cursor.js'
import { MAX_PAGE_SIZE, pageSize } from './page-args.js'

export interface PageWalk<T extends Job> {
  /** Names the list inside its cursors. */
  readonly list: string
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  /** Fetches one page of the vendor's list; null when there is no such list. */
  readonly fetch: (page: number, size: number) => Promise<Page<T> | null>
  /** Leaves out what the vendor could not. With it no total is known. */
  readonly keep?: ((item: T) => boolean) | undefined
}

export interface WalkedConnection<T> {
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

/**
 * A Relay connection over a list that the vendor pages by number. A page costs one call where the vendor gives
 * what it is asked for, and up to five where it gives less or `keep` leaves much out; where those do not suffice
 * the page is shorter and its `endCursor` goes on from there.
 * @throws {BadInputError} for a bad `first` or `after`, before anything is fetched
 */
export async function walkPages<T extends Job>(walk: PageWalk<T>): Promise<WalkedConnection<T> | null> {
  const wanted = pageSize(walk.first)
  const start = startOf(walk, wanted)
  const edges: { cursor: string; node: T }[] = []
  const seen = new Set<string>()
  let { page, index } = start
  let position: PagePosition | null = null
  for (let fetched = 1; ; fetched++, page++, index = 0) {
    const answer = await walk.fetch(page, start.size)
    if (answer === null) return null
    const totalCount = walk.keep ? null : answer.total
    for (; index < answer.items.length; index++) {
      position = { page, size: start.size, index }
      const node = answer.items[index]!
      // Jobs that are created meanwhile push others onto the next page.
      if (seen.has(node.vendorId) || (walk.keep && !walk.keep(node))) continue
      seen.add(node.vendorId)
      edges.push({ cursor: encodeCursor(walk.list, position), node })
      if (edges.length === wanted) {
        return connection(walk, edges, position, index + 1 < answer.items.length || !answer.isLast, totalCount)
      }
    }
    if (answer.isLast) return connection(walk, edges, position, false, totalCount)
    if (fetched === MAX_PAGES) return connection(walk, edges, position, true, totalCount)
  }
}

function startOf<T extends Job>(walk: PageWalk<T>, wanted: number): PagePosition {
  if (walk.after == null) return { page: 1, size: walk.keep ? MAX_PAGE_SIZE : wanted, index: 0 }
  const { page, size, index } = decodeCursor(walk.list, walk.after)
  return index + 1 < size ? { page, size, index: index + 1 } : { page: page + 1, size, index: 0 }
}

function connection<T extends Job>(
  walk: PageWalk<T>,
  edges: WalkedConnection<T>['edges'],
  position: PagePosition | null,
  hasNextPage: boolean,
  totalCount: number | null,
): WalkedConnection<T> {
  const endCursor = edges.at(-1)?.cursor ?? null
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: walk.after != null,
      startCursor: edges[0]?.cursor ?? null,
      // A short page goes on behind what it has looked at, not behind what it has kept.
      endCursor: hasNextPage && position ? encodeCursor(walk.list, position) : endCursor,
    },
    totalCount,
  }
}

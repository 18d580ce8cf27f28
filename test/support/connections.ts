import { expect } from 'vitest'
import type { TestGateway } from './gateway.js'

export interface ListedJob {
  readonly vendorId: string
  readonly status: string
}

export interface Connection {
  readonly totalCount: number | null
  readonly edges: readonly { readonly cursor: string; readonly node: ListedJob }[]
  readonly nodes: readonly Pick<ListedJob, 'vendorId'>[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** The selection of a {@link Connection}. */
export const CONNECTION = `{
  totalCount
  edges { cursor node { vendorId status } }
  nodes { vendorId }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`

export interface PageArgs {
  readonly first?: number
  readonly after?: string | null
}

/** The field `records(collectionId: "col_1")` with the arguments of a page. */
export function listField(list: string, page: PageArgs): string {
  const [, name, args] = /^(\w+)(?:\((.*)\))?$/s.exec(list)!
  const parts = [
    args,
    page.first === undefined ? null : `first: ${page.first}`,
    page.after == null ? null : `after: ${JSON.stringify(page.after)}`,
  ]
  const all = parts.filter((part) => part).join(', ')
  return all === '' ? name! : `${name}(${all})`
}

/** Checks that there are no errors. */
export async function readPage(gateway: TestGateway, list: string, page: PageArgs = {}): Promise<Connection> {
  const { data, errors } = await gateway.query(`{ list: ${listField(list, page)} ${CONNECTION} }`)
  expect(errors).toEqual([])
  const connection: Connection = data.list
  return connection
}

/** Reads all pages as a client does: follows `endCursor` while there is a next page. */
export async function readAllPages(
  gateway: TestGateway,
  list: string,
  sizes: number | readonly number[],
): Promise<Connection[]> {
  const pages: Connection[] = []
  let after: string | null = null
  for (let at = 0; at < 100; at++) {
    const first = typeof sizes === 'number' ? sizes : sizes[at % sizes.length]!
    const page = await readPage(gateway, list, { first, after })
    pages.push(page)
    expect(page.edges.length).toBeLessThanOrEqual(first)
    if (!page.pageInfo.hasNextPage) return pages
    expect(page.pageInfo.endCursor, 'a page with a next page has an endCursor').not.toBeNull()
    expect(page.pageInfo.endCursor, 'the endCursor advances').not.toBe(after)
    after = page.pageInfo.endCursor
  }
  throw new Error('The list does not end.')
}

/** The vendor ids of the jobs on these pages. */
export const idsOf = (pages: readonly Connection[]) =>
  pages.flatMap(({ edges }) => edges.map(({ node }) => node.vendorId))

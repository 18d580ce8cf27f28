import type { WireExecution, WirePage } from '../../vendors/kodexa/wire.js'
import { Rejection } from './rejection.js'

/** How an instance pages. */
export interface PageRules {
  /** The number that requests the first page. Responses count from 0 either way. */
  readonly pageBase: 0 | 1
  readonly maxPageSize: number
}

const DEFAULT_PAGE_SIZE = 20
const SORTABLE = ['createdOn', 'updatedOn', 'startDate', 'endDate', 'id'] as const

/** Returns the requested page. A size over the maximum is silently lowered; only `size` in the response shows it. */
export function pageOf(rows: readonly WireExecution[], query: URLSearchParams, rules: PageRules): WirePage {
  const size = Math.min(readInteger(query, 'pageSize') ?? DEFAULT_PAGE_SIZE, rules.maxPageSize)
  if (size < 1) throw new Rejection(400, 'Invalid parameter', { pageSize: 'must be at least 1' })
  const number = Math.max(0, (readInteger(query, 'page') ?? rules.pageBase) - rules.pageBase)
  const offset = number * size
  const content = rows.slice(offset, offset + size)
  const totalPages = Math.ceil(rows.length / size)
  return {
    content,
    number,
    size,
    numberOfElements: content.length,
    totalElements: rows.length,
    totalPages,
    first: number === 0,
    last: number + 1 >= totalPages,
    pageable: { offset, pageNumber: number, pageSize: size },
  }
}

/**
 * Sorts by the `sort` parameter, by default newest first. Executions without a value come last in both directions.
 * Accepts both spellings of the vendor: `createdOn,desc` (executions overview) and `startDate:desc` (CLI).
 */
export function sortExecutions(executions: readonly WireExecution[], sort: string | null): readonly WireExecution[] {
  const [, name, direction] = /^(\w+)(?:[,:](asc|desc))?$/.exec(sort ?? 'createdOn,desc') ?? []
  const property = SORTABLE.find((sortable) => sortable === name)
  if (property === undefined) throw new Rejection(400, `Cannot sort by ${sort}`)
  const sign = direction === 'desc' ? -1 : 1
  return executions.toSorted((left, right) => {
    const [a, b] = [left[property], right[property]]
    if (a == null || b == null) return Number(a == null) - Number(b == null)
    // All dates have the same length, so they sort as strings.
    return a === b ? 0 : a < b ? -sign : sign
  })
}

function readInteger(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^-?\d{1,9}$/.test(text)) throw new Rejection(400, 'Invalid parameter', { [name]: 'must be an int32' })
  return Number(text)
}

import type { WireExecution, WirePage } from '../../vendors/kodexa/wire.js'
import { Refusal } from './refusal.js'

/** How this instance pages. */
export interface PageRules {
  /** The number that asks for the first page; the answer numbers from 0 all the same. */
  readonly pageBase: 0 | 1
  readonly maxPageSize: number
}

const DEFAULT_PAGE_SIZE = 20

/**
 * Takes everything that was found and the parameters of the request, gives the page asked for. A size over the
 * maximum is lowered without a word: only `size` tells.
 */
export function pageOf(found: readonly WireExecution[], query: URLSearchParams, rules: PageRules): WirePage {
  const size = Math.min(wholeNumber(query, 'pageSize') ?? DEFAULT_PAGE_SIZE, rules.maxPageSize)
  if (size < 1) throw new Refusal(400, 'Invalid parameter', { pageSize: 'must be at least 1' })
  const number = Math.max(0, (wholeNumber(query, 'page') ?? rules.pageBase) - rules.pageBase)
  const offset = number * size
  const content = found.slice(offset, offset + size)
  const totalPages = Math.ceil(found.length / size)
  return {
    content,
    number,
    size,
    numberOfElements: content.length,
    totalElements: found.length,
    totalPages,
    first: number === 0,
    last: number + 1 >= totalPages,
    pageable: { offset, pageNumber: number, pageSize: size },
  }
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^-?\d{1,9}$/.test(text)) throw new Refusal(400, 'Invalid parameter', { [name]: 'must be an int32' })
  return Number(text)
}

import type { LoopbackResponse } from '../loopback-server.js'
import { badRequest, type WireIssue } from './responses.js'

/** Reads the parameters of a list and collects their problems, so that one response reports all of them. */
export interface QueryReader {
  /** Returns one of `values`; null for ALL and for an absent parameter, which mean the same. */
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | null
  /** Whether a name contains the search text, in any case. */
  matchesSearch(name: string | null): boolean
}

/** Whether the client asks for the optional properties. `all` is the only value that the vendor documents. */
export function isVerbose(query: URLSearchParams): boolean {
  return query.getAll('verbose').includes('all')
}

/**
 * Responds to a list request with a page of the selected rows: a bare array, with the totals in headers. Pages count
 * from 1. Responds with a 400 when a parameter is invalid.
 */
export function respondWithList<Row>(
  query: URLSearchParams,
  select: (reader: QueryReader) => readonly Row[],
  toWire: (row: Row) => unknown,
): LoopbackResponse {
  const issues: WireIssue[] = []
  const report = (name: string, code: string, message: string) =>
    issues.push({ validation: 'query', code, message, path: [name] })
  const search = (query.get('search') ?? '').toLowerCase()

  function positiveInteger(name: string, fallback: number): number {
    const value = query.get(name) ?? String(fallback)
    if (!/^[1-9]\d{0,8}$/.test(value)) report(name, 'invalid_type', 'Expected a positive integer')
    return Number(value)
  }

  const page = positiveInteger('page', 1)
  const take = positiveInteger('take', 100)
  const rows = select({
    oneOf(name, values) {
      const text = query.get(name)
      if (text === null || text === 'ALL') return null
      const value = values.find((candidate) => candidate === text) ?? null
      if (value === null) report(name, 'invalid_enum_value', `Expected one of ALL, ${values.join(', ')}`)
      return value
    },
    matchesSearch: (name) => search === '' || (name ?? '').toLowerCase().includes(search),
  })
  if (issues.length > 0) return badRequest('Invalid request', issues)
  return {
    status: 200,
    headers: {
      'pagination-page': String(page),
      'pagination-take': String(take),
      'pagination-count': String(rows.length),
    },
    body: rows.slice((page - 1) * take, page * take).map(toWire),
  }
}

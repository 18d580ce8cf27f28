import type { LoopbackResponse } from '../loopback-server.js'
import { badRequest, type PageRequest, type WireIssue } from './responses.js'

/** Reads the parameters of a query and collects their problems, so that one response reports all of them. */
export interface QueryReader {
  page(): PageRequest
  /** Returns one of `values`; null for ALL and for an absent parameter, which mean the same. */
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | null
  /** Whether the client asks for the optional properties; `all` is the only value the vendor documents. */
  readonly verbose: boolean
  /** Whether a name contains the search text, in any case. */
  matchesSearch(name: string | null): boolean
  /** A 400 with all problems, or null when there are none. */
  rejection(): LoopbackResponse | null
}

export function createQueryReader(query: URLSearchParams): QueryReader {
  const issues: WireIssue[] = []
  const search = (query.get('search') ?? '').toLowerCase()

  function positiveInteger(name: string, fallback: number): number {
    const value = query.get(name)
    if (value === null) return fallback
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
    issues.push({ validation: 'query', code: 'invalid_type', message: 'Expected a positive integer', path: [name] })
    return fallback
  }

  return {
    page: () => ({ page: positiveInteger('page', 1), take: positiveInteger('take', 100) }),
    oneOf(name, values) {
      const text = query.get(name)
      if (text === null || text === 'ALL') return null
      const value = values.find((candidate) => candidate === text) ?? null
      const message = `Expected one of ALL, ${values.join(', ')}`
      if (value === null) issues.push({ validation: 'query', code: 'invalid_enum_value', message, path: [name] })
      return value
    },
    verbose: query.getAll('verbose').includes('all'),
    matchesSearch: (name) => search === '' || (name ?? '').toLowerCase().includes(search),
    rejection: () => (issues.length > 0 ? badRequest('Invalid request', issues) : null),
  }
}

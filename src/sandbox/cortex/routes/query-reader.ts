import type { LoopbackReply } from '../../loopback-server.js'
import { badRequest, type PageRequest, type WireIssue } from './replies.js'

/** Reads a query piece by piece and remembers what is wrong with it, so that all of it is reported at once. */
export interface QueryReader {
  page(): PageRequest
  /** One of `words`, or null for absence and for ALL, which mean the same. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | null
  /** Whether the optional properties are wanted; `all` is the only value the vendor names. */
  readonly verbose: boolean
  /** Whether a name is among those searched for. */
  matches(name: string | null): boolean
  /** Null when the query is fine. */
  refusal(): LoopbackReply | null
}

/** Takes a query; gives a reader of it. */
export function createQueryReader(query: URLSearchParams): QueryReader {
  const issues: WireIssue[] = []
  const search = (query.get('search') ?? '').toLowerCase()

  function positive(name: string, absent: number): number {
    const value = query.get(name)
    if (value === null) return absent
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
    issues.push({ validation: 'query', code: 'invalid_type', message: 'Expected a positive integer', path: [name] })
    return absent
  }

  return {
    page: () => ({ page: positive('page', 1), take: positive('take', 100) }),
    word(name, words) {
      const value = query.get(name)
      if (value === null || value === 'ALL') return null
      const word = words.find((known) => known === value) ?? null
      const message = `Expected one of ALL, ${words.join(', ')}`
      if (word === null) issues.push({ validation: 'query', code: 'invalid_enum_value', message, path: [name] })
      return word
    },
    verbose: query.getAll('verbose').includes('all'),
    matches: (name) => search === '' || (name ?? '').toLowerCase().includes(search),
    refusal: () => (issues.length > 0 ? badRequest('Invalid request', issues) : null),
  }
}

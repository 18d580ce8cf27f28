import { VendorError } from '../../job/errors.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter.js'

export const SORT_STYLES = ['comma', 'colon'] as const

/** `createdOn,desc` or `createdOn:desc`; both stand in official material. */
export type SortStyle = (typeof SORT_STYLES)[number]

/** What is set by hand; null is found out. */
export interface DialectSettings {
  readonly filter: FilterDialect | null
  readonly sort: SortStyle
  /** The number by which the first page is asked for. */
  readonly pageBase: 0 | 1 | null
}

/** What one Kodexa instance was found to understand. Lives as long as the gateway, shared by all requests. */
export interface Dialect {
  readonly sort: SortStyle
  /**
   * Runs a filtered call in the spelling that works, trying the others when one is refused with 400, and remembers.
   * @throws the first refusal, when all spellings are refused
   */
  withFilter<T>(call: (dialect: FilterDialect) => Promise<T>): Promise<T>
  /** The number to ask for the first page by: 1 until an answer shows otherwise. */
  pageBase(): 0 | 1
  /** Takes note of what an answer showed; the first note, and a setting, stay. */
  learnPageBase(base: 0 | 1): void
}

export function createDialect(settings: DialectSettings): Dialect {
  let filter = settings.filter
  let pageBase = settings.pageBase
  /** Calls that come while a first one finds out wait for it, instead of finding out each for itself. */
  let probing: Promise<unknown> | null = null

  async function probe<T>(call: (dialect: FilterDialect) => Promise<T>): Promise<T> {
    let refusal: unknown
    for (const candidate of FILTER_DIALECTS) {
      try {
        const answer = await call(candidate)
        filter = candidate
        return answer
      } catch (error) {
        if (!isRejectedFilter(error)) throw error
        refusal ??= error
      }
    }
    throw refusal
  }

  return {
    sort: settings.sort,
    async withFilter(call) {
      while (filter === null && probing !== null) await probing.catch(() => undefined)
      if (filter !== null) return call(filter)
      const attempt = probe(call)
      probing = attempt
      return attempt.finally(() => {
        probing = null
      })
    },
    pageBase: () => pageBase ?? 1,
    learnPageBase(base) {
      pageBase ??= base
    },
  }
}

/** What an instance answers to a filter it cannot read. A 500 might mean the same, but might as well be an outage. */
export function isRejectedFilter(error: unknown): boolean {
  return error instanceof VendorError && error.details.httpStatus === 400
}

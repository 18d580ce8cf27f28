import { VendorError } from '../../job/errors.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter.js'

export const SORT_STYLES = ['comma', 'colon'] as const

/** `createdOn,desc` or `createdOn:desc`; official material has both. */
export type SortStyle = (typeof SORT_STYLES)[number]

/** Configured values; null is detected. */
export interface DialectSettings {
  readonly filter: FilterDialect | null
  readonly sort: SortStyle
  /** The number of the first page in requests. */
  readonly pageBase: 0 | 1 | null
}

/** The dialect that one Kodexa instance understands. Shared by all requests for the lifetime of the gateway. */
export interface Dialect {
  readonly sort: SortStyle
  /**
   * Runs a filtered call in the known dialect, or in each until the instance does not reject one with 400.
   * @throws the first rejection when the instance rejects all dialects
   */
  withFilter<T>(call: (dialect: FilterDialect) => Promise<T>): Promise<T>
  /** The number of the first page in requests: 1 until a response shows otherwise. */
  pageBase(): 0 | 1
  /** Records what a response showed; a setting and the first record stay. */
  learnPageBase(base: 0 | 1): void
}

export function createDialect(settings: DialectSettings): Dialect {
  let filter = settings.filter
  let pageBase = settings.pageBase
  /** The call that is detecting the dialect; others wait for it instead of detecting it themselves. */
  let probing: Promise<unknown> | null = null

  async function probe<T>(call: (dialect: FilterDialect) => Promise<T>): Promise<T> {
    let rejection: unknown
    for (const candidate of FILTER_DIALECTS) {
      try {
        const result = await call(candidate)
        filter = candidate
        return result
      } catch (error) {
        if (!isRejectedFilter(error)) throw error
        rejection ??= error
      }
    }
    throw rejection
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

/** Whether the instance rejected the filter. A 500 may mean the same, but may also be an outage. */
export function isRejectedFilter(error: unknown): boolean {
  return error instanceof VendorError && error.details.httpStatus === 400
}

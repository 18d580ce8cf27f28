import { LIST_STYLES, type ListStyle } from './filter.js'

/** Whether, and how spelled, an instance can be asked for many executions at once by their ids. Documented nowhere, so found out. */
export interface BatchSupport {
  /** How to ask; null while it is known not to work. */
  style(): ListStyle | null
  /** Whether it has ever found what was asked for, so that a missing row means a missing execution. */
  proven(): boolean
  /** This spelling found what was asked for. */
  succeeded(style: ListStyle): void
  /** This spelling was refused or not understood: the next one is tried, and none for an hour when there is no next. */
  failed(style: ListStyle): void
}

const REPROBE_MS = 60 * 60 * 1000

export function createBatchSupport(now: () => number = Date.now): BatchSupport {
  let candidates: readonly ListStyle[] = LIST_STYLES
  let proven = false
  let givenUpAt: number | null = null
  return {
    style() {
      if (givenUpAt !== null && now() - givenUpAt >= REPROBE_MS) {
        givenUpAt = null
        candidates = LIST_STYLES
      }
      return candidates[0] ?? null
    },
    proven: () => proven,
    succeeded(style) {
      candidates = [style]
      proven = true
    },
    failed(style) {
      candidates = candidates.filter((candidate) => candidate !== style)
      proven = false
      if (candidates.length === 0) givenUpAt ??= now()
    },
  }
}

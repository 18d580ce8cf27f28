import { LIST_STYLES, type ListStyle } from './filter.js'
import { createRejections } from './rejections.js'

/** Whether an instance can list executions by their ids, and in which spelling. Undocumented, so detected. */
export interface BatchSupport {
  /** The spelling to use; null while filtering by id is known not to work. */
  style(): ListStyle | null
  /** Whether the filter has found a requested execution before, so that a missing row means a missing execution. */
  isProven(): boolean
  /** The filter found a requested execution. */
  markWorking(): void
  /** The instance rejected this spelling; it may accept the other one. */
  markRejected(style: ListStyle): void
  /** The instance accepted the filter but ignored it, or missed existing executions: no spelling works. */
  markIgnored(): void
}

/** @param now epoch ms; a spelling that does not work is tried again after an hour */
export function createBatchSupport(now?: () => number): BatchSupport {
  const rejections = createRejections(now)
  let proven = false
  return {
    style: () => LIST_STYLES.find((style) => !rejections.has(style)) ?? null,
    isProven: () => proven,
    markWorking() {
      proven = true
    },
    markRejected(style) {
      proven = false
      rejections.add(style)
    },
    markIgnored() {
      proven = false
      LIST_STYLES.forEach(rejections.add)
    },
  }
}

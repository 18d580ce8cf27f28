import { LIST_STYLES, type ListStyle } from './filter.js'
import { createRejections } from './rejections.js'

/** Whether, and how spelled, an instance can be asked for many executions at once by their ids. Documented nowhere, so found out. */
export interface BatchSupport {
  /** How to ask; null while it is known not to work. */
  style(): ListStyle | null
  /** Whether it has ever found what was asked for, so that a missing row means a missing execution. */
  isProven(): boolean
  /** It found what was asked for. */
  markWorking(): void
  /** This spelling was refused: the other one may not be. */
  markRejected(style: ListStyle): void
  /** It was taken and did not find what there is: no spelling will. */
  markIgnored(): void
}

/** @param now epoch ms; what does not work is tried again after an hour */
export function createBatchSupport(now?: () => number): BatchSupport {
  const refusals = createRejections(now)
  let proven = false
  return {
    style: () => LIST_STYLES.find((style) => !refusals.has(style)) ?? null,
    isProven: () => proven,
    markWorking() {
      proven = true
    },
    markRejected(style) {
      proven = false
      refusals.add(style)
    },
    markIgnored() {
      proven = false
      LIST_STYLES.forEach(refusals.add)
    },
  }
}

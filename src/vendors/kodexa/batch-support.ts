/** Whether an instance can be asked for many executions at once by `id in (…)`. Documented nowhere, so found out. */
export interface BatchSupport {
  /** Whether to try: not for an hour after it failed. */
  worthTrying(): boolean
  /** Whether it has ever found what was asked for, so that a missing row means a missing execution. */
  proven(): boolean
  succeeded(): void
  failed(): void
}

const REPROBE_MS = 60 * 60 * 1000

export function createBatchSupport(now: () => number = Date.now): BatchSupport {
  let proven = false
  let failedAt: number | null = null
  return {
    worthTrying: () => failedAt === null || now() - failedAt >= REPROBE_MS,
    proven: () => proven,
    succeeded() {
      proven = true
      failedAt = null
    },
    failed() {
      proven = false
      failedAt = now()
    },
  }
}

/** What an instance was found not to understand, kept for an hour: it may be upgraded meanwhile. */
export interface Rejections {
  has(what: string): boolean
  add(what: string): void
}

const KEEP_MS = 60 * 60 * 1000

/** @param now epoch ms */
export function createRejections(now: () => number = Date.now): Rejections {
  const refusedAt = new Map<string, number>()
  return {
    has(what) {
      const at = refusedAt.get(what)
      return at !== undefined && now() - at < KEEP_MS
    },
    add(what) {
      refusedAt.set(what, now())
    },
  }
}

/** Filters that an instance rejected, remembered for an hour: it may be upgraded meanwhile. */
export interface Rejections {
  has(filter: string): boolean
  add(filter: string): void
}

const TTL_MS = 60 * 60 * 1000

/** @param now epoch ms */
export function createRejections(now: () => number = Date.now): Rejections {
  const rejectedAt = new Map<string, number>()
  return {
    has(filter) {
      const at = rejectedAt.get(filter)
      return at !== undefined && now() - at < TTL_MS
    },
    add(filter) {
      rejectedAt.set(filter, now())
    },
  }
}

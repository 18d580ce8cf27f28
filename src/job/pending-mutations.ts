/** Work that is finished although whoever asked for it may have left: mutations. */
export interface PendingMutations {
  /** Gives the same back. */
  track<T>(work: Promise<T>): Promise<T>
  /**
   * Whether a part of such work may be begun.
   * @param deadline by when the whole should be done, in the ms of `performance.now()`: it counts once somebody waits
   * for the end of everything, who would otherwise wait as long as one part after the other takes
   */
  mayStart(deadline: number): boolean
  /** Resolves when nothing is under way any more, however it ended. To be asked for when the gateway closes. */
  settled(): Promise<void>
}

export function createPendingMutations(): PendingMutations {
  const underWay = new Set<Promise<unknown>>()
  let isAwaited = false
  return {
    track(work) {
      underWay.add(work)
      const forget = () => void underWay.delete(work)
      work.then(forget, forget)
      return work
    },
    mayStart: (deadline) => !isAwaited || performance.now() < deadline,
    async settled() {
      isAwaited = true
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}

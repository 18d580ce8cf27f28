/** Work that is finished although whoever asked for it may have left: cancels, above all. */
export interface Commitments {
  /** Gives the same back. */
  add<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing is under way any more, however it ended. */
  settled(): Promise<void>
}

export function createCommitments(): Commitments {
  const underWay = new Set<Promise<unknown>>()
  return {
    add(work) {
      underWay.add(work)
      const forget = () => void underWay.delete(work)
      work.then(forget, forget)
      return work
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}

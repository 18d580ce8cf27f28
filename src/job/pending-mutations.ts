/** Tracks mutations, which are finished even when the client disconnects. */
export interface PendingMutations {
  /** Returns `work` itself. */
  track<T>(work: Promise<T>): Promise<T>
  /**
   * Whether a further part of a mutation may start.
   * @param deadline of the operation, in ms of `performance.now()`. It is enforced only while the gateway drains, which
   * would otherwise wait for every part in turn.
   */
  mayStart(deadline: number): boolean
  /** Resolves when no mutation is in flight any more. Call it when the gateway closes. Never rejects. */
  settled(): Promise<void>
}

export function createPendingMutations(): PendingMutations {
  const inFlight = new Set<Promise<unknown>>()
  let isDraining = false
  return {
    track(work) {
      inFlight.add(work)
      const remove = () => void inFlight.delete(work)
      work.then(remove, remove)
      return work
    },
    mayStart: (deadline) => !isDraining || performance.now() < deadline,
    async settled() {
      isDraining = true
      while (inFlight.size > 0) await Promise.allSettled(inFlight)
    },
  }
}

/** One operation of a client, from its `subscribe` to its end. */
export interface Operation {
  /** Aborts when it has ended, or nobody waits for it any more. */
  readonly signal: AbortSignal
  /** To be told when it turns out to have more than one answer. */
  markStream(): void
}

/** What one client runs at the moment. */
export interface Operations {
  /**
   * Takes in one more, or null when there are too many.
   * @param isWanted whether it is still running, and the client waits for it
   */
  start(id: string, isWanted: () => boolean): Operation | null
  /** Lets go of those that are wanted no more. To be called whenever that may have changed. */
  prune(): void
  /** Whether one of them still owes its only answer, as queries and mutations do. */
  hasPendingResult(): boolean
}

/** @param onStream called when an operation is found to be a subscription */
export function createOperations(max: number, onStream: () => void): Operations {
  const running = new Map<string, { isStream: boolean; isWanted(): boolean; leave(): void }>()
  return {
    start(id, isWanted) {
      if (running.size >= max) return null
      const leaving = new AbortController()
      const entry = { isStream: false, isWanted, leave: () => leaving.abort() }
      running.set(id, entry)
      return {
        signal: leaving.signal,
        markStream() {
          entry.isStream = true
          onStream()
        },
      }
    },
    prune() {
      for (const [id, operation] of running) {
        if (operation.isWanted()) continue
        running.delete(id)
        operation.leave()
      }
    },
    hasPendingResult: () => [...running.values()].some(({ isStream }) => !isStream),
  }
}

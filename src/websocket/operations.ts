/** One operation of a client, from its `subscribe` to its end. */
export interface Operation {
  /** Aborts when it has ended, or nobody waits for it any more. */
  readonly signal: AbortSignal
  /** To be told when it turns out to have more than one answer. */
  becomesStream(): void
}

/** What one client runs at the moment. */
export interface Operations {
  /**
   * Takes in one more, or null when there are too many.
   * @param isWanted whether it is still running, and the client waits for it
   */
  begin(id: string, isWanted: () => boolean): Operation | null
  /** Lets go of those that are wanted no more. To be called whenever that may have changed. */
  settle(): void
  /** Whether one of them still owes its only answer, as queries and mutations do. */
  owesAnswer(): boolean
}

/** @param onStream called when an operation is found to be a subscription */
export function createOperations(max: number, onStream: () => void): Operations {
  const running = new Map<string, { isStream: boolean; isWanted(): boolean; leave(): void }>()
  return {
    begin(id, isWanted) {
      if (running.size >= max) return null
      const leaving = new AbortController()
      const entry = { isStream: false, isWanted, leave: () => leaving.abort() }
      running.set(id, entry)
      return {
        signal: leaving.signal,
        becomesStream() {
          entry.isStream = true
          onStream()
        },
      }
    },
    settle() {
      for (const [id, operation] of running) {
        if (operation.isWanted()) continue
        running.delete(id)
        operation.leave()
      }
    },
    owesAnswer: () => [...running.values()].some(({ isStream }) => !isStream),
  }
}

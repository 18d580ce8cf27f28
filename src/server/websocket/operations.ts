/** One operation of a client, from its `subscribe` message to its end. */
export interface Operation {
  /** Aborts when the operation has ended or the client has completed it. */
  readonly signal: AbortSignal
  /** Call when the result is a stream. */
  markStream(): void
}

/** The running operations of one client. */
export interface Operations {
  /**
   * Returns null when too many are running.
   * @param isActive whether the operation is still running and the client waits for it
   */
  start(id: string, isActive: () => boolean): Operation | null
  /** Aborts and removes operations that are no longer active. Call when that may have changed. */
  prune(): void
  /** Whether a query or mutation has not been answered yet. */
  hasPendingResult(): boolean
}

/** @param onStream called when an operation turns out to be a stream */
export function createOperations(max: number, onStream: () => void): Operations {
  const running = new Map<string, { isStream: boolean; isActive(): boolean; abort(): void }>()
  return {
    start(id, isActive) {
      if (running.size >= max) return null
      const controller = new AbortController()
      const entry = { isStream: false, isActive, abort: () => controller.abort() }
      running.set(id, entry)
      return {
        signal: controller.signal,
        markStream() {
          entry.isStream = true
          onStream()
        },
      }
    },
    prune() {
      for (const [id, operation] of running) {
        if (operation.isActive()) continue
        running.delete(id)
        operation.abort()
      }
    },
    hasPendingResult: () => [...running.values()].some(({ isStream }) => !isStream),
  }
}

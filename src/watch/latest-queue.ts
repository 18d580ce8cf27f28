/** A conflating queue: it keeps only the latest value of each key, so that a slow reader gets the present and no backlog. */
export interface LatestQueue<T> {
  put(key: string, value: T): void
  /** Accepts no more values. The reader gets what is queued, then the end. */
  close(): void
  readonly reader: AsyncIterableIterator<T>
}

export interface LatestQueueEvents {
  /** The reader asks for its first value. */
  readonly onOpen: () => void
  /** The queue accepts no more values, because it was closed or the reader left. Called once, and only after `onOpen`. */
  readonly onClose: () => void
}

type Result<T> = IteratorResult<T, undefined>
const END = { done: true, value: undefined } as const

/** A queue for one reader. */
export function createLatestQueue<T>({ onOpen, onClose }: LatestQueueEvents): LatestQueue<T> {
  const values = new Map<string, T>()
  const pendingReads: ((result: Result<T>) => void)[] = []
  let state: 'new' | 'open' | 'closing' | 'closed' = 'new'

  function open(): void {
    state = 'open'
    onOpen()
  }

  function finish(): void {
    const isOpen = state === 'open'
    state = 'closed'
    values.clear()
    for (const resolve of pendingReads.splice(0)) resolve(END)
    if (isOpen) onClose()
  }

  function deliver(): void {
    while (pendingReads.length > 0) {
      const [first] = values
      if (!first) break
      values.delete(first[0])
      pendingReads.shift()!({ done: false, value: first[1] })
    }
    if (state === 'closing' && values.size === 0) finish()
  }

  return {
    put(key, value) {
      if (state !== 'open') return
      // Moves the key to the end of the queue.
      values.delete(key)
      values.set(key, value)
      deliver()
    },
    close() {
      if (state !== 'open') return
      state = 'closing'
      onClose()
      deliver()
    },
    reader: {
      next() {
        if (state === 'new') open()
        if (state === 'closed') return Promise.resolve(END)
        return new Promise((resolve) => {
          pendingReads.push(resolve)
          deliver()
        })
      },
      return() {
        finish()
        return Promise.resolve(END)
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}

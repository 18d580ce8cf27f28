/** What is put in comes out by iterating. Of each subject the latest only, so that a slow reader finds the present and no backlog. */
export interface LatestQueue<T> {
  put(subject: string, value: T): void
  /** Nothing more comes: whoever reads gets what is there, and then the end. */
  close(): void
  readonly reader: AsyncIterableIterator<T>
}

export interface LatestQueueEvents {
  /** Somebody begins to read. */
  readonly onOpen: () => void
  /** Nothing is taken any more, because the reader left or the end was put in; told once, and only after `onOpen`. */
  readonly onClose: () => void
}

type Result<T> = IteratorResult<T, undefined>
const END = { done: true, value: undefined } as const

/** A mailbox for one reader. */
export function createLatestQueue<T>({ onOpen, onClose }: LatestQueueEvents): LatestQueue<T> {
  const letters = new Map<string, T>()
  const readers: ((result: Result<T>) => void)[] = []
  let state: 'new' | 'open' | 'ended' | 'closed' = 'new'

  function open(): void {
    state = 'open'
    onOpen()
  }

  function close(): void {
    const isOpen = state === 'open'
    state = 'closed'
    letters.clear()
    for (const resolve of readers.splice(0)) resolve(END)
    if (isOpen) onClose()
  }

  function deliver(): void {
    while (readers.length > 0) {
      const [first] = letters
      if (!first) break
      letters.delete(first[0])
      readers.shift()!({ done: false, value: first[1] })
    }
    if (state === 'ended' && letters.size === 0) close()
  }

  return {
    put(subject, value) {
      if (state !== 'open') return
      // Behind those that wait already, as a new one would be.
      letters.delete(subject)
      letters.set(subject, value)
      deliver()
    },
    close() {
      if (state !== 'open') return
      state = 'ended'
      onClose()
      deliver()
    },
    reader: {
      next() {
        if (state === 'new') open()
        if (state === 'closed') return Promise.resolve(END)
        return new Promise((resolve) => {
          readers.push(resolve)
          deliver()
        })
      },
      return() {
        close()
        return Promise.resolve(END)
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}

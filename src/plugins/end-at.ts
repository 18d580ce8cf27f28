import { msUntil } from '../auth/expiry.js'

/** The same stream until it is that late, in the ms of `Date.now()`; then a last word, and its end. */
export function endAt<T>(time: number, source: AsyncIterable<T>, lastWord: T): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const over = { done: true, value: undefined } as const
  const nobodyWaits = () => {}
  let interrupt = nobodyWaits
  let isOver = false
  const timer = setTimeout(() => interrupt(), msUntil(time)).unref()

  function end(): void {
    isOver = true
    clearTimeout(timer)
    // What it was waiting for is nobody's business any more.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (isOver) return Promise.resolve(over)
      return new Promise((resolve, reject) => {
        interrupt = () => {
          end()
          resolve({ done: false, value: lastWord })
        }
        if (Date.now() >= time) return interrupt()
        iterator.next().then(
          (result) => {
            interrupt = nobodyWaits
            if (result.done) clearTimeout(timer)
            resolve(result)
          },
          (error: Error) => {
            interrupt = nobodyWaits
            clearTimeout(timer)
            reject(error)
          },
        )
      })
    },
    return() {
      end()
      return Promise.resolve(over)
    },
  }
}

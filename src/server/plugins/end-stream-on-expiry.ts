import { isExpired, onExpired, type Expiry } from '../../auth/expiry.js'

/** The same stream while its caller is known; then a last word, and its end. */
export function endStreamOnExpiry<T>(term: Expiry, source: AsyncIterable<T>, lastWord: T): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const over = { done: true, value: undefined } as const
  const nobodyWaits = () => {}
  let interrupt = nobodyWaits
  let hasEnded = false
  const forget = onExpired(term, () => interrupt())

  function end(): void {
    hasEnded = true
    forget()
    // What it was waiting for is nobody's business any more.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (hasEnded) return Promise.resolve(over)
      return new Promise((resolve, reject) => {
        interrupt = () => {
          end()
          resolve({ done: false, value: lastWord })
        }
        if (isExpired(term)) return interrupt()
        iterator.next().then(
          (result) => {
            interrupt = nobodyWaits
            if (result.done) forget()
            resolve(result)
          },
          (error: Error) => {
            interrupt = nobodyWaits
            forget()
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

import { isExpired, onExpired, type Expiry } from '../../auth/expiry.js'

/** Passes a stream on until the caller's identity expires, then yields `finalValue` and ends. */
export function endStreamOnExpiry<T>(
  expiry: Expiry,
  source: AsyncIterable<T>,
  finalValue: T,
): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const done = { done: true, value: undefined } as const
  const noop = () => {}
  let interrupt = noop
  let hasEnded = false
  const stopTimer = onExpired(expiry, () => interrupt())

  function end(): void {
    hasEnded = true
    stopTimer()
    // Nobody reads the source's pending value any more, nor its error.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (hasEnded) return Promise.resolve(done)
      return new Promise((resolve, reject) => {
        interrupt = () => {
          end()
          resolve({ done: false, value: finalValue })
        }
        if (isExpired(expiry)) return interrupt()
        iterator.next().then(
          (result) => {
            interrupt = noop
            if (result.done) stopTimer()
            resolve(result)
          },
          (error: Error) => {
            interrupt = noop
            stopTimer()
            reject(error)
          },
        )
      })
    },
    return() {
      end()
      return Promise.resolve(done)
    },
  }
}

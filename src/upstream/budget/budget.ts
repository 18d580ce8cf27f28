import { setMaxListeners } from 'node:events'
import { VendorError } from '../../job/errors.js'
import type { VendorBudget } from '../../job/vendor.js'
import type { VendorName } from '../../job/vendor-name.js'
import type { Limiter } from './limiter.js'
import type { PermitRequest } from './permit.js'
import { createPermitQueue } from './permit-queue.js'

/** Hands out permits to send requests to one vendor, within its rate limit and in order of priority. */
export interface Budget {
  /**
   * Waits in the permit queue and resolves when the request may be sent.
   * @throws {VendorError} VENDOR_RATE_LIMITED with `retryAfterSeconds` (an integer, at least 1) when the deadline cannot
   *   be met: at once if the estimated wait is too long, else when the deadline passes
   * @throws the signal's reason when it aborts
   */
  acquirePermit(request: PermitRequest): Promise<void>
  /**
   * Stops sending for at most five minutes, after the vendor responded with 429.
   * @param retryAfterSeconds null or 0 means one second, because a vendor that just responded with 429 needs a pause
   */
  pause(retryAfterSeconds: number | null): void
  /** What may still be sent; null when there is no limit. Consumes nothing. */
  state(): Promise<VendorBudget | null>
}

export interface BudgetOptions {
  readonly vendor: VendorName
  readonly limiter: Limiter
}

interface PendingPermit {
  grant(): void
  reject(reason: unknown): void
}

const DEFAULT_PAUSE_MS = 1000
/** How long a request past its deadline may still wait for the shared limiter. */
const LIMITER_TIMEOUT_MS = 1000
const MAX_PAUSE_MS = 300_000
/** Node's timers fire at once when the delay is longer. */
const MAX_TIMER_MS = 2 ** 31 - 1

export function createBudget({ vendor, limiter }: BudgetOptions): Budget {
  const queue = createPermitQueue<PendingPermit>()
  let isGranting = false
  let wake = () => {}

  function acquirePermit({ priority, deadline, signal }: PermitRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const estimateMs = () => limiter.estimateWaitMs(queue.countAhead(priority), priority)
      const waitMs = estimateMs()
      // Past its deadline, a request is neither delayed nor rejected while the limiter has room.
      const isInTime = performance.now() < deadline
      const remainingMs = Math.max(deadline - performance.now(), waitMs === 0 ? LIMITER_TIMEOUT_MS : 0)
      if (!(waitMs <= remainingMs)) throw rejection(vendor, waitMs)

      const onAbort = () => entry.reject(signal?.reason)
      const timer = setTimeout(() => entry.reject(rejection(vendor, estimateMs())), Math.min(remainingMs, MAX_TIMER_MS))
      const dequeue = () => {
        queue.remove(priority, entry)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        if (!queue.peek()) wake()
      }
      const entry: PendingPermit = {
        grant() {
          dequeue()
          if (isInTime && performance.now() >= deadline) reject(rejection(vendor, estimateMs()))
          else resolve()
        },
        reject(reason) {
          dequeue()
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason can be anything
          reject(reason)
        },
      }
      if (signal) {
        // All reads of a large operation may share one signal; Node warns about a leak from eleven listeners on.
        setMaxListeners(0, signal)
        signal.addEventListener('abort', onAbort)
      }
      const isFirst = queue.countAhead(priority) === 0
      queue.add(priority, entry)
      // The limiter keeps room for cancels, so a new first entry may not have to wait.
      if (isFirst) wake()
      void grantPermits()
    })
  }

  /** The grant loop. It runs once at a time, while requests wait in the queue. */
  async function grantPermits(): Promise<void> {
    if (isGranting) return
    isGranting = true
    try {
      for (let first = queue.peek(); first; first = queue.peek()) {
        const waitMs = await limiter.tryAcquire(first.priority)
        const next = queue.peek()
        if (waitMs <= 0) next?.entry.grant()
        // Ask the limiter again at once if the first entry has another priority by now.
        else if (next?.priority === first.priority) await sleep(waitMs)
      }
    } catch (error) {
      // Limiters are expected not to throw. If one does, no request may wait forever.
      for (const entry of queue.entries()) entry.reject(error)
    } finally {
      isGranting = false
    }
  }

  /** Resolves after this time, or earlier when `wake` is called. */
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake(), Math.min(Math.ceil(ms), MAX_TIMER_MS))
      wake = () => {
        clearTimeout(timer)
        wake = () => {}
        resolve()
      }
    })
  }

  return {
    acquirePermit,
    pause(retryAfterSeconds) {
      const ms = retryAfterSeconds !== null && retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : DEFAULT_PAUSE_MS
      // This process pauses even when it cannot notify the other instances.
      limiter.pause(Math.min(ms, MAX_PAUSE_MS)).catch(() => undefined)
    },
    state: () => limiter.state(),
  }
}

function rejection(vendor: VendorName, waitMs: number): VendorError {
  return new VendorError(
    vendor,
    'VENDOR_RATE_LIMITED',
    `The rate limit of ${vendor} is reached and this request cannot wait long enough; nothing was sent. Try again later.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  )
}

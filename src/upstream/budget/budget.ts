import { setMaxListeners } from 'node:events'
import { VendorError } from '../../job/errors.js'
import type { VendorBudget } from '../../job/vendor.js'
import type { VendorName } from '../../job/vendor-name.js'
import type { Limiter } from './limiter.js'
import type { PermitRequest } from './permit.js'
import { createPermitQueue } from './permit-queue.js'

/** Lets requests go to one vendor no faster than it allows, the important ones first. */
export interface Budget {
  /**
   * Resolves when the request may be sent.
   * @throws {VendorError} VENDOR_RATE_LIMITED with `retryAfterSeconds` (whole ones, at least 1) when it could not be
   *   sent before its deadline: at once when that can be foreseen, else when the deadline passes
   * @throws the signal's reason when nobody wants it any more
   */
  acquirePermit(turn: PermitRequest): Promise<void>
  /**
   * The vendor said that it had too much: nothing is sent for so long, at most five minutes.
   * @param retryAfterSeconds null, 0 or junk is a second: who had too much a moment ago is not asked again at once
   */
  pause(retryAfterSeconds: number | null): void
  /** What may still be sent; null when no limit is kept. Takes nothing. */
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
/** How long asking a shared limiter may take. */
const LIMITER_TIMEOUT_MS = 1000
const MAX_PAUSE_MS = 300_000
/** Longer ones overflow a timer, which then rings at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

export function createBudget({ vendor, limiter }: BudgetOptions): Budget {
  const line = createPermitQueue<PendingPermit>()
  let isServing = false
  let wake = () => {}

  function turn({ priority, deadline, signal }: PermitRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const guessMs = () => limiter.estimateWaitMs(line.countAhead(priority), priority)
      const waitMs = guessMs()
      // An operation that has used up its time is not held up, nor held off, where there is room.
      const isInTime = performance.now() < deadline
      const leftMs = Math.max(deadline - performance.now(), waitMs === 0 ? LIMITER_TIMEOUT_MS : 0)
      if (!(waitMs <= leftMs)) throw rejection(vendor, waitMs)

      const onAbort = () => entry.reject(signal?.reason)
      const timer = setTimeout(() => entry.reject(rejection(vendor, guessMs())), Math.min(leftMs, MAX_TIMER_MS))
      const leave = () => {
        line.remove(priority, entry)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        if (!line.peek()) wake()
      }
      const entry: PendingPermit = {
        grant() {
          leave()
          if (isInTime && performance.now() >= deadline) reject(rejection(vendor, guessMs()))
          else resolve()
        },
        reject(reason) {
          leave()
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason can be anything
          reject(reason)
        },
      }
      if (signal) {
        // All reads of a large operation may wait with the same signal; Node takes more than ten for a leak.
        setMaxListeners(0, signal)
        signal.addEventListener('abort', onAbort)
      }
      const isFirst = line.countAhead(priority) === 0
      line.add(priority, entry)
      // Cancels have room where reads have none, so the limiter may have another answer now.
      if (isFirst) wake()
      void serve()
    })
  }

  /** Runs while somebody waits, once. */
  async function serve(): Promise<void> {
    if (isServing) return
    isServing = true
    try {
      for (let first = line.peek(); first; first = line.peek()) {
        const waitMs = await limiter.tryAcquire(first.priority)
        const next = line.peek()
        if (waitMs <= 0) next?.entry.grant()
        // Who came first meanwhile may not have to wait.
        else if (next?.priority === first.priority) await sleep(waitMs)
      }
    } catch (error) {
      // A limiter does not fail. If one does, nobody may wait for it for ever.
      for (const entry of line.entries()) entry.reject(error)
    } finally {
      isServing = false
    }
  }

  /** Until then, or until there is a reason to look again. */
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
    acquirePermit: turn,
    pause(retryAfterSeconds) {
      const ms = retryAfterSeconds !== null && retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : DEFAULT_PAUSE_MS
      // It stops this process even when the others cannot be told.
      limiter.pause(Math.min(ms, MAX_PAUSE_MS)).catch(() => undefined)
    },
    state: () => limiter.state(),
  }
}

function rejection(vendor: VendorName, waitMs: number): VendorError {
  return new VendorError(
    vendor,
    'VENDOR_RATE_LIMITED',
    `${vendor} takes no more requests for the moment, and this one cannot wait so long; nothing was sent.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  )
}

import { setMaxListeners } from 'node:events'
import { VendorError } from '../../job/errors.js'
import type { VendorBudget } from '../../job/vendor.js'
import type { VendorName } from '../../job/vendor-name.js'
import type { Limiter } from './limiter.js'
import type { Turn } from './turn.js'
import { createWaitingLine } from './waiting-line.js'

/** Lets requests go to one vendor no faster than it allows, the important ones first. */
export interface Budget {
  /**
   * Resolves when the request may be sent.
   * @throws {VendorError} VENDOR_RATE_LIMITED with `retryAfterSeconds` (whole ones, at least 1) when it could not be
   *   sent before its deadline: at once when that can be foreseen, else when the deadline passes
   * @throws the signal's reason when nobody wants it any more
   */
  turn(turn: Turn): Promise<void>
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

interface Entry {
  admit(): void
  fail(reason: unknown): void
}

const DEFAULT_PAUSE_MS = 1000
/** How long asking a shared limiter may take. */
const GRACE_MS = 1000
const MAX_PAUSE_MS = 300_000
/** Longer ones overflow a timer, which then rings at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

export function createBudget({ vendor, limiter }: BudgetOptions): Budget {
  const line = createWaitingLine<Entry>()
  let isServing = false
  let wake = () => {}

  function turn({ priority, deadline, signal }: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const guessMs = () => limiter.waitMs(line.before(priority), priority)
      const waitMs = guessMs()
      // An operation that has used up its time is not held up, nor held off, where there is room.
      const isInTime = performance.now() < deadline
      const leftMs = Math.max(deadline - performance.now(), waitMs === 0 ? GRACE_MS : 0)
      if (!(waitMs <= leftMs)) throw refusal(vendor, waitMs)

      const onAbort = () => entry.fail(signal?.reason)
      const timer = setTimeout(() => entry.fail(refusal(vendor, guessMs())), Math.min(leftMs, MAX_TIMER_MS))
      const leave = () => {
        line.remove(priority, entry)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        if (!line.first()) wake()
      }
      const entry: Entry = {
        admit() {
          leave()
          if (isInTime && performance.now() >= deadline) reject(refusal(vendor, guessMs()))
          else resolve()
        },
        fail(reason) {
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
      const isFirst = line.before(priority) === 0
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
      for (let first = line.first(); first; first = line.first()) {
        const waitMs = await limiter.take(first.priority)
        const next = line.first()
        if (waitMs <= 0) next?.entry.admit()
        // Who came first meanwhile may not have to wait.
        else if (next?.priority === first.priority) await sleep(waitMs)
      }
    } catch (error) {
      // A limiter does not fail. If one does, nobody may wait for it for ever.
      for (const entry of line.entries()) entry.fail(error)
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
    turn,
    pause(retryAfterSeconds) {
      const ms = retryAfterSeconds !== null && retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : DEFAULT_PAUSE_MS
      // It stops this process even when the others cannot be told.
      limiter.pause(Math.min(ms, MAX_PAUSE_MS)).catch(() => undefined)
    },
    state: () => limiter.state(),
  }
}

function refusal(vendor: VendorName, waitMs: number): VendorError {
  return new VendorError(
    vendor,
    'VENDOR_RATE_LIMITED',
    `${vendor} takes no more requests for the moment, and this one cannot wait so long; nothing was sent.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  )
}

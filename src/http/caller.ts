import type { Meter } from '../job/meter.js'
import type { VendorRequest } from '../job/vendor.js'
import type { Priority, Turn } from './budget/turn.js'

/** Whoever sends requests to a vendor: what they may wait for, and who is told what they cost. */
export interface Caller extends Turn {
  /** Whether the vendor itself is to be asked, whatever was read a moment ago. */
  readonly fresh: boolean
  readonly meter: Meter
}

/** How long a cancel may wait for its turn, in ms, however long the rest of its operation took. */
const CANCEL_PATIENCE_MS = 10_000

/**
 * The caller that a request is to its vendor. Where nobody waits for the answer, its reads go last; a cancel is
 * never dropped because its caller left, and what explains it is read from the vendor itself.
 */
export function callerOf(request: VendorRequest, priority: Exclude<Priority, 'poll'>): Caller {
  const { signal, deadline, fresh, background, meter } = request
  if (priority !== 'cancel') return { priority: background ? 'poll' : priority, deadline, fresh, signal, meter }
  return {
    priority,
    get deadline() {
      return performance.now() + CANCEL_PATIENCE_MS
    },
    fresh: true,
    meter,
  }
}

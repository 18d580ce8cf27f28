import type { VendorBudget } from '../../job/vendor.js'
import type { Priority } from './permit.js'

/** Enforces the rate limit of one vendor, for this instance or for all instances together. */
export interface Limiter {
  /**
   * Consumes one request of the limit if one is available.
   * @param priority a part of the burst is reserved for cancels; polls may use only a small part of it
   * @returns 0 when the request may be sent, else the ms to wait before the next attempt
   */
  tryAcquire(priority: Priority): Promise<number>
  /** Grants nothing for this long, because the vendor asked for a pause. */
  pause(ms: number): Promise<void>
  /** Estimates, from local knowledge alone, the ms that a request behind `ahead` others has to wait. */
  estimateWaitMs(ahead: number, priority: Priority): number
  /** Null when there is no limit. */
  state(): Promise<VendorBudget | null>
}

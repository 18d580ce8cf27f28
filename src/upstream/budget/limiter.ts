import type { VendorBudget } from '../../job/vendor.js'
import type { Priority } from './permit.js'

/** Counts the requests sent to one vendor from one address, by this instance or by all of them. */
export interface Limiter {
  /**
   * Takes room for one request if there is any.
   * @param priority cancels may use what is kept back for them, polls only what is left by the others
   * @returns 0 when it may be sent, else in how many ms to ask again
   */
  tryAcquire(priority: Priority): Promise<number>
  /** Lets nothing through for so long: the vendor said so. */
  pause(ms: number): Promise<void>
  /** A guess, from what is known here, of how long the request behind `ahead` others has to wait, in ms. Asks nobody. */
  estimateWaitMs(ahead: number, priority: Priority): number
  /** Null when no limit is kept. */
  state(): Promise<VendorBudget | null>
}

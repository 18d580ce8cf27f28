import type { DocketError } from './errors.js'
import type { VendorName } from './vendor-name.js'

/** A vendor, or one of its lists, that could not be read. */
export interface FeedOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  /** Which of its lists; left out when it concerns the vendor as a whole. */
  readonly source?: string
}

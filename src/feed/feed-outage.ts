import type { DocketError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'

/** A vendor, or one of its lists, that could not be read. */
export interface FeedOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  /** Which of its lists; left out when it concerns the vendor as a whole. */
  readonly source?: string
}

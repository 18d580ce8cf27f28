import type { DocketError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'

/** A vendor, or one of its lists, that could not be read. */
export interface FeedOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  /** The label of the failed list; absent when the whole vendor failed. */
  readonly source?: string
}

import type { VendorName } from './vendor-name.js'

export type FeedWarningCode = 'SOURCES_TRUNCATED' | 'LIST_TRUNCATED' | 'LIST_OUT_OF_ORDER' | 'SAME_TIMESTAMP_TRUNCATED'

/** Says that the list of all jobs is incomplete although every request succeeded. */
export interface FeedWarning {
  readonly code: FeedWarningCode
  /** The vendor's list in question, such as `collection col_1`; null when the warning is not about one list. */
  readonly source: string | null
  readonly message: string
}

export interface VendorWarning extends FeedWarning {
  readonly vendor: VendorName
}

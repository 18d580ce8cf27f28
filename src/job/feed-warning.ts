import type { VendorName } from './vendor-name.js'

export type FeedWarningCode = 'SOURCES_TRUNCATED' | 'LIST_TRUNCATED' | 'LIST_OUT_OF_ORDER' | 'SAME_TIMESTAMP_TRUNCATED'

/** Something that makes the list of all jobs less than it seems, although every call went well. */
export interface FeedWarning {
  readonly code: FeedWarningCode
  /** Which of the vendor's lists it is about; null when it is not about one. */
  readonly source: string | null
  readonly message: string
}

export interface VendorWarning extends FeedWarning {
  readonly vendor: VendorName
}

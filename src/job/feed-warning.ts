import type { VendorName } from './vendor-name.js'

export type FeedWarningCode = 'PLACES_LEFT_OUT' | 'LIST_CUT_OFF' | 'LIST_OUT_OF_ORDER' | 'MOMENT_CUT_OFF'

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

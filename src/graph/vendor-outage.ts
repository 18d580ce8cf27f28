import { VendorError, type DocketError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { builder } from './builder.js'
import { ErrorCodeEnum } from './error.js'
import { VendorNameEnum } from './vendor-name.js'

export interface VendorOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  /** The vendor's list that could not be read; undefined when the outage concerns the whole vendor. */
  readonly source?: string
}

export const VendorOutageType = builder.objectRef<VendorOutage>('VendorOutage').implement({
  description:
    'A vendor, or one of its lists, that could not be read. It is returned as data, so that the rest of the response is usable.',
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'The vendor.' }),
    source: t.string({
      description: "The vendor's list in question, such as `collection col_1`; null when it is not about one list.",
      resolve: ({ source }) => source,
    }),
    message: t.string({
      nullable: false,
      description: 'An explanation for people, in English. It may change: let programs read `code`.',
      resolve: ({ error }) => error.message,
    }),
    code: t.field({
      type: ErrorCodeEnum,
      nullable: false,
      description: 'A stable code for programs.',
      resolve: ({ error }) => error.code,
    }),
    retryAfterSeconds: t.float({
      description: 'When to retry, in seconds; null when unknown.',
      resolve: ({ error }) => (error instanceof VendorError ? error.details.retryAfterSeconds : null),
    }),
  }),
})

import { VendorError, type DocketError } from '../job/errors.js'
import type { VendorName } from '../job/vendor-name.js'
import { builder } from './builder.js'
import { ErrorCodeEnum } from './error.js'
import { VendorNameEnum } from './vendor-name.js'

export interface VendorOutage {
  readonly vendor: VendorName
  readonly error: DocketError
  /** Which of the vendor's lists it was; null when it concerns the vendor as a whole. */
  readonly source?: string
}

export const VendorOutageType = builder.objectRef<VendorOutage>('VendorOutage').implement({
  description:
    'A vendor, or one of its lists, that could not be read. It is data, so that the rest of the answer stands.',
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'Which vendor.' }),
    source: t.string({
      description: 'Which of its lists, like `collection col_1`; null when it is not about one.',
      resolve: ({ source }) => source,
    }),
    message: t.string({
      nullable: false,
      description: 'For people, in English. May change: programs read `code`.',
      resolve: ({ error }) => error.message,
    }),
    code: t.field({
      type: ErrorCodeEnum,
      nullable: false,
      description: 'For programs.',
      resolve: ({ error }) => error.code,
    }),
    retryAfterSeconds: t.float({
      description: 'When to try again, in seconds; null when it is not known.',
      resolve: ({ error }) => (error instanceof VendorError ? error.details.retryAfterSeconds : null),
    }),
  }),
})

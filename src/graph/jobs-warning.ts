import type { FeedWarningCode, VendorWarning } from '../job/feed-warning.js'
import { builder } from './builder.js'
import { VendorNameEnum } from './vendor-name.js'
import { stringEnum } from './string-enum.js'

const JobsWarningCodeEnum = stringEnum<FeedWarningCode>(
  'JobsWarningCode',
  'Why a list of jobs is incomplete. Values may be added: keep a default branch.',
  {
    SOURCES_TRUNCATED:
      'There are more collections or workflows than the gateway reads by default. Name the ones you need in the filter.',
    LIST_TRUNCATED: "A vendor's list is not sorted by date, and too long to read in full. Some jobs are missing.",
    LIST_OUT_OF_ORDER:
      "A vendor's list proved to be unsorted on this page. Jobs newer than this page may be missing from earlier pages.",
    SAME_TIMESTAMP_TRUNCATED:
      'Too many jobs have the same creation time to page through. The rest of them are missing.',
  },
)

export const JobsWarningType = builder.objectRef<VendorWarning>('JobsWarning').implement({
  description: 'A reason why a list of jobs is incomplete although every request succeeded.',
  fields: (t) => ({
    vendor: t.expose('vendor', {
      type: VendorNameEnum,
      nullable: false,
      description: 'The vendor whose jobs are missing.',
    }),
    source: t.string({
      description: "The vendor's list in question, such as `collection col_1`; null when it is not about one list.",
      resolve: ({ source }) => source,
    }),
    message: t.string({
      nullable: false,
      description: 'An explanation for people, in English, with what to do. It may change: let programs read `code`.',
      resolve: ({ message }) => message,
    }),
    code: t.field({
      type: JobsWarningCodeEnum,
      nullable: false,
      description: 'A stable code for programs.',
      resolve: ({ code }) => code,
    }),
  }),
})

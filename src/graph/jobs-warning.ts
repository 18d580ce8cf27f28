import type { FeedWarningCode, VendorWarning } from '../job/feed-warning.js'
import { builder } from './builder.js'
import { VendorNameEnum } from './vendor-name.js'
import { stringEnum } from './string-enum.js'

const JobsWarningCodeEnum = stringEnum<FeedWarningCode>(
  'JobsWarningCode',
  'What a list of jobs lacks. Values may be added: keep a default branch.',
  {
    SOURCES_TRUNCATED: 'There are more collections or workflows than are looked at when none are named.',
    LIST_TRUNCATED: "A vendor's list has no order that could be relied on, and is too long to be read to its end.",
    LIST_OUT_OF_ORDER:
      "A vendor's list turned out on this page to have no order: its jobs that are newer than this page may be missing from those before.",
    SAME_TIMESTAMP_TRUNCATED: 'More jobs were created at one moment than can be paged through: the others are left out.',
  },
)

export const JobsWarningType = builder.objectRef<VendorWarning>('JobsWarning').implement({
  description: 'Something that makes a list of jobs less than it seems, although every call went well.',
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'Whose jobs it is about.' }),
    source: t.string({
      description: 'Which of its lists, like `collection col_1`; null when it is not about one.',
      resolve: ({ source }) => source,
    }),
    message: t.string({
      nullable: false,
      description: 'For people, in English, with what can be done. May change: programs read `code`.',
      resolve: ({ message }) => message,
    }),
    code: t.field({
      type: JobsWarningCodeEnum,
      nullable: false,
      description: 'For programs.',
      resolve: ({ code }) => code,
    }),
  }),
})

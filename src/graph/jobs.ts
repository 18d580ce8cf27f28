import { readJobFeed, type JobFeed } from '../feed/feed.js'
import { maxFeedRequests } from '../feed/max-feed-requests.js'
import type { FeedFilter } from '../feed/feed-sources.js'
import type { SourceFilter } from '../job/vendor.js'
import { builder } from './builder.js'
import { decodeFeedCursor, encodeFeedCursor, encodeIntermediateFeedCursor } from './feed-cursor.js'
import { JobInterface } from './job.js'
import { JobStatusEnum } from './job-state.js'
import { JobsWarningType } from './jobs-warning.js'
import { pageArgs, pageSize, maxRows } from './page-args.js'
import { VendorNameEnum } from './vendor-name.js'
import { VendorOutageType } from './vendor-outage.js'

/** Which jobs a list of all jobs is to have. Vendor folders add their own fields to it. */
export const JobFilterInput = builder.inputType('JobFilter', {
  description: 'Which jobs are wanted. What is left out does not restrict.',
  fields: (t) => ({
    vendors: t.field({
      type: [VendorNameEnum],
      description: 'Of these vendors only. A vendor named here that is not configured shows up among the outages.',
    }),
    statuses: t.field({
      type: [JobStatusEnum],
      description: "In one of these states only. Each stands for every word of the vendors' behind it.",
    }),
  }),
})

const JobConnection = builder.connectionObject(
  {
    type: JobInterface,
    name: 'JobConnection',
    description: 'Jobs of all vendors in one list, newest first. A vendor that is down is data, not a lost page.',
    fields: (t) => ({
      outages: t.field({
        type: [VendorOutageType],
        nullable: false,
        description: 'Every source that could not be read. Empty when the list is whole.',
        resolve: (connection) => (connection as unknown as JobFeed).outages,
      }),
      warnings: t.field({
        type: [JobsWarningType],
        nullable: false,
        description: 'What is not in the list although every call went well. Empty when the list is whole.',
        resolve: (connection) => (connection as unknown as JobFeed).warnings,
      }),
    }),
  },
  { name: 'JobEdge', description: 'A job in the list of all jobs.' },
)

builder.queryField('jobs', (t) =>
  t.field({
    type: JobConnection,
    nullable: false,
    complexity: ({ filter, first }, { sessions }) => ({
      field: maxFeedRequests(sessions, (filter ?? {}) as FeedFilter),
      multiplier: maxRows(first),
    }),
    description:
      'The jobs of all vendors, newest first, merged from the lists of each; those without a date of creation come last. ' +
      'Whatever order a vendor gives is found out: a list that has none is looked at as far as its first thousand jobs, of many lists less far, which a warning says. ' +
      'A page may be short, or empty, although there is a next one: follow `pageInfo`.',
    args: {
      filter: t.arg({ type: JobFilterInput, description: 'Which jobs are wanted; all of them when it is left out.' }),
      ...pageArgs,
    },
    async resolve(_root, { filter, first, after }, { sessions }) {
      const size = pageSize(first)
      const from = after == null ? null : decodeFeedCursor(after)
      const feed = await readJobFeed(sessions, { ...(filter as SourceFilter | null), size, after: from })
      return toConnection(feed, from !== null)
    },
  }),
)

function toConnection(feed: JobFeed, hasPreviousPage: boolean) {
  const { entries, hasMore: hasNextPage, end, outages, warnings } = feed
  const edges = entries.map(({ job: node, cursor }) => ({
    node,
    // Made when it is asked for: most ask for that of the page alone.
    get cursor() {
      return cursor === end ? encodeFeedCursor(cursor) : encodeIntermediateFeedCursor(cursor)
    },
  }))
  const startCursor = edges[0]?.cursor ?? null
  const endCursor = end && encodeFeedCursor(end)
  return { edges, outages, warnings, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } }
}

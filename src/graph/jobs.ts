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

/** The filter of `jobs`. Vendor folders add their own fields to it. */
export const JobFilterInput = builder.inputType('JobFilter', {
  description: 'Which jobs to list. An omitted field does not filter.',
  fields: (t) => ({
    vendors: t.field({
      type: [VendorNameEnum],
      description: 'Only jobs of these vendors. A vendor that is not configured appears in `outages`.',
    }),
    statuses: t.field({
      type: [JobStatusEnum],
      description: 'Only jobs in one of these statuses. Each covers all vendor statuses that map to it.',
    }),
  }),
})

const JobConnection = builder.connectionObject(
  {
    type: JobInterface,
    name: 'JobConnection',
    description: 'A page of the jobs of all vendors, newest first. A vendor that is down appears in `outages`.',
    fields: (t) => ({
      outages: t.field({
        type: [VendorOutageType],
        nullable: false,
        description: 'Every vendor or list that could not be read. Empty when all could be read.',
        resolve: (connection) => (connection as unknown as JobFeed).outages,
      }),
      warnings: t.field({
        type: [JobsWarningType],
        nullable: false,
        description: 'Why jobs may be missing although every request succeeded. Empty when none are missing.',
        resolve: (connection) => (connection as unknown as JobFeed).warnings,
      }),
    }),
  },
  { name: 'JobEdge', description: 'A job and its cursor in the list of all jobs.' },
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
      'The jobs of all vendors in one list, newest first. Jobs without a creation date come last. ' +
      'The list is merged from the lists of each vendor. Of a list that is not sorted by date, only the first thousand jobs are read, fewer when there are many lists; `warnings` says so. ' +
      'A page may be short or empty although there is a next page: follow `pageInfo`.',
    args: {
      filter: t.arg({ type: JobFilterInput, description: 'Which jobs to list; all jobs when omitted.' }),
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
    // Encoded on demand, because most clients select the cursors of `pageInfo` only.
    get cursor() {
      return cursor === end ? encodeFeedCursor(cursor) : encodeIntermediateFeedCursor(cursor)
    },
  }))
  const startCursor = edges[0]?.cursor ?? null
  const endCursor = end && encodeFeedCursor(end)
  return { edges, outages, warnings, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } }
}

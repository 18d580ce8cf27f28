import { mergeJobs, requestsAtMost, type FeedFilter, type JobFeed } from '../job/feed.js'
import type { SourceFilter } from '../job/vendor.js'
import { builder } from './builder.js'
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.js'
import { JobInterface } from './job.js'
import { JobStatusEnum } from './job-state.js'
import { pageArgs, pageSize, rowsAtMost } from './page-args.js'
import { VendorNameEnum } from './vendor-name.js'
import { VendorOutageType, type VendorOutage } from './vendor-outage.js'

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
        resolve: (connection) => (connection as unknown as { outages: readonly VendorOutage[] }).outages,
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
      field: requestsAtMost(sessions, (filter ?? {}) as FeedFilter),
      multiplier: rowsAtMost(first),
    }),
    description:
      'The jobs of all vendors, newest first, merged from the lists of each; those without a date of creation come last. ' +
      'Cortex is looked at in the configured or requested places only, and its order, which it does not document, is taken to be newest first. ' +
      'It reaches back to about the newest thousand of each list, less where a vendor caps its pages.',
    args: {
      filter: t.arg({ type: JobFilterInput, description: 'Which jobs are wanted; all of them when it is left out.' }),
      ...pageArgs,
    },
    async resolve(_root, { filter, first, after }, { sessions }) {
      const size = pageSize(first)
      const behind = after == null ? null : decodeFeedCursor(after)
      const feed = await mergeJobs(sessions, { ...(filter as SourceFilter | null), size, behind })
      return toConnection(feed, behind !== null)
    },
  }),
)

function toConnection({ entries, hasMore, outages }: JobFeed, hasPreviousPage: boolean) {
  const edges = entries.map(({ job, place }) => ({ cursor: encodeFeedCursor(place), node: job }))
  const startCursor = edges[0]?.cursor ?? null
  const endCursor = edges.at(-1)?.cursor ?? null
  return { edges, outages, pageInfo: { hasNextPage: hasMore, hasPreviousPage, startCursor, endCursor } }
}

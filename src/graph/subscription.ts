import type { GraphQLResolveInfo } from 'graphql'
import { BadInputError } from '../job/errors.js'
import { decodeJobId } from '../job/job-id.js'
import type { WatchEvent } from '../watch/watcher.js'
import { builder, type GraphContext } from './builder.js'
import { READ_BY_ID } from './complexity.js'
import { JobInterface } from './job.js'
import { selectionOf } from './selection.js'

const MAX_WATCHED = 100
const UPDATES =
  'Sends the current state first, then an event for each change of status, progress or failure. Completes when the job is terminal.'
const FAILURES =
  'A short outage of the vendor is hidden; a long one is an event with an error, and updates resume afterwards. ' +
  'A job that does not exist or may not be read is an error that ends the stream. A slow client gets the latest state only. After a reconnect, the first event is the current state.'

builder.subscriptionField('jobUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    complexity: READ_BY_ID,
    description: `Live updates of one job. ${UPDATES} ${FAILURES}`,
    args: { id: t.arg.id({ required: true, description: 'The global id of a job, from the `id` field.' }) },
    subscribe: (_root, { id }, context, info) => watch([id], context, info),
    resolve: resolveEvent,
  }),
)

builder.subscriptionField('jobsUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    complexity: ({ ids }) => ({ field: READ_BY_ID * ids.length, multiplier: ids.length }),
    description:
      'Live updates of several jobs in one stream, like `jobUpdated` for each. ' +
      'Completes when all of them are terminal. A job that fails does not end the updates of the others.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: `1 to ${MAX_WATCHED} global ids of jobs of any vendor.`,
      }),
    },
    subscribe(_root, { ids }, context, info) {
      if (ids.length < 1 || ids.length > MAX_WATCHED)
        throw new BadInputError(`\`ids\` must contain 1 to ${MAX_WATCHED} ids.`)
      return watch([...new Set(ids)], context, info)
    },
    resolve: resolveEvent,
  }),
)

/** @throws {BadInputError} when an id is invalid */
function watch(ids: readonly string[], { watcher, sessions, signal }: GraphContext, info: GraphQLResolveInfo) {
  const subjects = ids.map((id) => {
    const address = decodeJobId(id)
    return { address, vendor: sessions.vendorFor(address.type) }
  })
  return watcher.watch(subjects, { selection: selectionOf(info), signal })
}

/** Refreshes the sessions, so that nested fields are not older than the job itself. */
function resolveEvent(event: WatchEvent, _args: object, { sessions }: GraphContext) {
  if ('error' in event) throw event.error
  sessions.refresh(event.polledAt)
  return event.job
}

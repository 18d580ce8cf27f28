import type { GraphQLResolveInfo } from 'graphql'
import { BadInputError } from '../job/errors.js'
import { decodeJobId } from '../job/job-id.js'
import type { WatchEvent } from '../watch/watcher.js'
import { builder, type GraphContext } from './builder.js'
import { READ_BY_ID } from './complexity.js'
import { JobInterface } from './job.js'
import { selectionOf } from './selection.js'

const MAX_WATCHED = 100
const WHEN =
  'The job now, and again whenever its status, progress or failure changes, until it is terminal; then the stream completes.'
const OUTAGE =
  'An outage of the vendor is kept quiet for a while; one that lasts is an event with an error, and the stream goes on with the job as it is afterwards. ' +
  'A job that is unknown or may not be read is an error, and the end of it. Who reads slowly gets the latest state. After reconnecting, the first event is the present.'

builder.subscriptionField('jobUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    complexity: READ_BY_ID,
    description: `${WHEN} ${OUTAGE}`,
    args: { id: t.arg.id({ required: true, description: 'An id that this gateway gave out.' }) },
    subscribe: (_root, { id }, context, info) => watch([id], context, info),
    resolve: present,
  }),
)

builder.subscriptionField('jobsUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    complexity: ({ ids }) => ({ field: READ_BY_ID * ids.length, multiplier: ids.length }),
    description: `The same for several jobs in one stream, which completes when all of them are terminal. ${WHEN} One that fails does not end the others.`,
    args: {
      ids: t.arg.idList({
        required: true,
        description: `1 to ${MAX_WATCHED} ids that this gateway gave out, of any vendor.`,
      }),
    },
    subscribe(_root, { ids }, context, info) {
      if (ids.length < 1 || ids.length > MAX_WATCHED)
        throw new BadInputError(`\`ids\` must hold 1 to ${MAX_WATCHED} ids.`)
      return watch([...new Set(ids)], context, info)
    },
    resolve: present,
  }),
)

/** @throws {BadInputError} when one of them is no id */
function watch(ids: readonly string[], { watcher, sessions, signal }: GraphContext, info: GraphQLResolveInfo) {
  const subjects = ids.map((id) => {
    const address = decodeJobId(id)
    return { address, vendor: sessions.vendorFor(address.type) }
  })
  return watcher.watch(subjects, { selection: selectionOf(info), signal })
}

/** What hangs on the job is read no earlier than the job itself. */
function present(event: WatchEvent, _args: object, { sessions }: GraphContext) {
  if ('error' in event) throw event.error
  sessions.refresh(event.polledAt)
  return event.job
}

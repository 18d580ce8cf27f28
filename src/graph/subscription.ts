import { Repeater } from 'graphql-yoga'
import { decodeJobId } from '../job/job-id.js'
import { BadInputError } from '../job/errors.js'
import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { watchJob } from '../job/watch.js'
import { builder, type GraphContext } from './builder.js'
import { JobInterface } from './job.js'
import { selectionOf } from './selection.js'

const MAX_WATCHED = 100
const WHEN =
  'The job now, and again whenever its status, progress or failure changes, until it is terminal; then the stream completes.'

builder.subscriptionField('jobUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    description: `${WHEN} Short outages of the vendor are sat out; a longer one ends the stream with an error.`,
    args: { id: t.arg.id({ required: true, description: 'An id that this gateway gave out.' }) },
    subscribe: (_root, { id }, context, info) => watch(id, context, selectionOf(info)),
    resolve: (job: Job) => job,
  }),
)

builder.subscriptionField('jobsUpdated', (t) =>
  t.field({
    type: JobInterface,
    nullable: false,
    description: `The same for several jobs in one stream, which completes when all of them are terminal. ${WHEN}`,
    args: {
      ids: t.arg.idList({
        required: true,
        description: `1 to ${MAX_WATCHED} ids that this gateway gave out, of any vendor.`,
      }),
    },
    subscribe(_root, { ids }, context, info) {
      if (ids.length < 1 || ids.length > MAX_WATCHED)
        throw new BadInputError(`\`ids\` must hold 1 to ${MAX_WATCHED} ids.`)
      return Repeater.merge([...new Set(ids)].map((id) => watch(id, context, selectionOf(info))))
    },
    resolve: (job: Job) => job,
  }),
)

/** Looks at the job anew each time, with all that hangs on it. Stops as soon as the subscriber leaves, even in the middle of a pause. */
function watch(id: string, { sessions, pollMs }: GraphContext, selection: Selection): Repeater<Job> {
  const address = decodeJobId(id)
  let looks = 0
  const read = () => {
    sessions.renew(looks++ === 0 ? 'first' : 'again')
    return sessions.forType(address.type).job(address, selection)
  }
  return new Repeater<Job>(async (push, stop) => {
    const left = new AbortController()
    void stop.then(() => left.abort())
    for await (const job of watchJob(read, pollMs, left.signal)) {
      await push(job)
    }
    stop()
  })
}

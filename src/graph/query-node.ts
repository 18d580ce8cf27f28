import { BadInputError } from '../job/errors.js'
import type { Job } from '../job/job.js'
import { decodeJobId } from '../job/job-id.js'
import type { Selection } from '../job/selection.js'
import type { RequestSessions } from '../job/request-sessions.js'
import { builder } from './builder.js'
import { READ_BY_ID } from './complexity.js'
import { JobInterface } from './job.js'
import { NodeInterface } from './node.js'
import { selectionOf } from './selection.js'

const MAX_IDS = 100
const NULL_MEANS = 'Null when the vendor knows no such job, or with an error when it could not be asked.'

builder.queryField('node', (t) =>
  t.field({
    type: NodeInterface,
    complexity: READ_BY_ID,
    description: `Relay's way to find something again by its id. ${NULL_MEANS}`,
    args: { id: t.arg.id({ required: true, description: 'An id that this gateway gave out.' }) },
    resolve: (_root, { id }, { sessions }, info) => findJob(sessions, id, selectionOf(info)),
  }),
)

builder.queryField('nodes', (t) =>
  t.field({
    type: [NodeInterface],
    complexity: ({ ids }) => ({ field: READ_BY_ID * ids.length, multiplier: ids.length }),
    nullable: { list: false, items: true },
    description: `Several at once, in the order asked for; each fails alone. ${NULL_MEANS}`,
    args: {
      ids: t.arg.idList({
        required: true,
        description: `At most ${MAX_IDS} ids that this gateway gave out, of any vendor.`,
      }),
    },
    resolve(_root, { ids }, { sessions }, info) {
      if (ids.length > MAX_IDS) throw new BadInputError(`\`ids\` may hold at most ${MAX_IDS} ids.`)
      const selection = selectionOf(info)
      return ids.map((id) => findJob(sessions, id, selection))
    },
  }),
)

builder.queryField('job', (t) =>
  t.field({
    type: JobInterface,
    complexity: READ_BY_ID,
    description: `One job of any vendor by its id. ${NULL_MEANS}`,
    args: { id: t.arg.id({ required: true, description: 'An id that this gateway gave out.' }) },
    resolve: (_root, { id }, { sessions }, info) => findJob(sessions, id, selectionOf(info)),
  }),
)

/** Async, so that an id that is none fails its own item. */
async function findJob(sessions: RequestSessions, id: string, selection: Selection): Promise<Job | null> {
  const address = decodeJobId(id)
  return sessions.forType(address.type).job(address, selection)
}

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
const NULL_MEANS = 'Null when the vendor has no such job; null with an error when the vendor could not be read.'
const ID = 'The global id of a job, from the `id` field.'

builder.queryField('node', (t) =>
  t.field({
    type: NodeInterface,
    complexity: READ_BY_ID,
    description: `Reads one object by its global id, as Relay requires. ${NULL_MEANS}`,
    args: { id: t.arg.id({ required: true, description: ID }) },
    resolve: (_root, { id }, { sessions }, info) => findJob(sessions, id, selectionOf(info)),
  }),
)

builder.queryField('nodes', (t) =>
  t.field({
    type: [NodeInterface],
    complexity: ({ ids }) => ({ field: READ_BY_ID * ids.length, multiplier: ids.length }),
    nullable: { list: false, items: true },
    description: `Reads several objects by their global ids, in the order given. Each fails on its own. ${NULL_MEANS}`,
    args: {
      ids: t.arg.idList({
        required: true,
        description: `Up to ${MAX_IDS} global ids of jobs of any vendor.`,
      }),
    },
    resolve(_root, { ids }, { sessions }, info) {
      if (ids.length > MAX_IDS) throw new BadInputError(`\`ids\` must contain at most ${MAX_IDS} ids.`)
      const selection = selectionOf(info)
      return ids.map((id) => findJob(sessions, id, selection))
    },
  }),
)

builder.queryField('job', (t) =>
  t.field({
    type: JobInterface,
    complexity: READ_BY_ID,
    description: `Reads one job of any vendor by its global id. ${NULL_MEANS}`,
    args: { id: t.arg.id({ required: true, description: ID }) },
    resolve: (_root, { id }, { sessions }, info) => findJob(sessions, id, selectionOf(info)),
  }),
)

/** Async, so that an invalid id fails its own item only. */
async function findJob(sessions: RequestSessions, id: string, selection: Selection): Promise<Job | null> {
  const address = decodeJobId(id)
  return sessions.forType(address.type).job(address, selection)
}

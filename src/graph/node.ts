import { encodeJobId } from '../job/job-id.js'
import type { Job } from '../job/job.js'
import { builder } from './builder.js'

/** Relay's `Node`: whatever can be found again by its id. */
export const NodeInterface = builder.interfaceRef<Job>('Node').implement({
  description: 'Whatever can be found again by its id.',
  resolveType: (job) => job.address.type,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description:
        "Global, opaque and stable: it holds the whole address of the job at its vendor. Take it from an answer, do not build it; `vendorId` is the vendor's own.",
      resolve: (job) => encodeJobId(job.address),
    }),
  }),
})

import { encodeJobId } from '../job/job-id.js'
import type { Job } from '../job/job.js'
import { builder } from './builder.js'

/** Relay's `Node` interface. */
export const NodeInterface = builder.interfaceRef<Job>('Node').implement({
  description: 'An object that can be read again by its global id.',
  resolveType: (job) => job.address.type,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description:
        "The global id, which is opaque and stable. Take it from a response, do not build it. The vendor's own id is `vendorId`.",
      resolve: (job) => encodeJobId(job.address),
    }),
  }),
})

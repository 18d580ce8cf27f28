import type { Job } from '../job/job.js'
import { isCancellable, isTerminal } from '../job/state.js'
import { builder } from './builder.js'
import { JobStateUnion, JobStatusEnum } from './job-state.js'
import { NodeInterface } from './node.js'
import { VendorNameEnum } from './vendor-name.js'

/** The `Job` interface: the fields that the jobs of all vendors share. */
export const JobInterface = builder.interfaceRef<Job>('Job').implement({
  description: 'A unit of work at a vendor that can be watched and cancelled.',
  interfaces: [NodeInterface],
  resolveType: (job) => job.address.type,
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'The vendor that runs the job.' }),
    vendorId: t.exposeID('vendorId', {
      nullable: false,
      description:
        "The vendor's own id, to look the job up in the vendor's console. It is not an argument of this API; use `id`.",
    }),
    name: t.exposeString('name', {
      description: 'The display name; null when there is none. Workflow runs never have one.',
    }),
    status: t.field({
      type: JobStatusEnum,
      nullable: false,
      description: "The normalised status. `vendorStatus` has the vendor's raw value.",
      resolve: (job) => job.state.status,
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's raw status; null when it sent none.",
    }),
    state: t.expose('state', {
      type: JobStateUnion,
      nullable: false,
      description: 'The same as `status`, with the data of that state.',
    }),
    isTerminal: t.boolean({
      nullable: false,
      description: 'Whether the job has ended. This may change back: a finished record can be run again.',
      resolve: (job) => isTerminal(job.state),
    }),
    isCancellable: t.boolean({
      nullable: false,
      description: 'Whether a cancel is likely to succeed. You may still try one when this is false.',
      resolve: (job) => isCancellable(job.state),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the job was created; null when the vendor does not report it.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the job last changed; null when the vendor does not report it.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'When the job started. Null before that, and always for records, because Cortex does not report it.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When the job ended. Null before that, and always for records, because Cortex does not report it.',
    }),
  }),
})

import type { Job } from '../job/job.js'
import { isCancellable, isTerminal } from '../job/state.js'
import { builder } from './builder.js'
import { JobStateUnion, JobStatusEnum } from './job-state.js'
import { NodeInterface } from './node.js'
import { VendorNameEnum } from './vendor-name.js'

/** The `Job` interface: the fields that the jobs of all vendors share. */
export const JobInterface = builder.interfaceRef<Job>('Job').implement({
  description: 'Anything a vendor runs for us that can be watched and cancelled.',
  interfaces: [NodeInterface],
  resolveType: (job) => job.address.type,
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'Who runs it.' }),
    vendorId: t.exposeID('vendorId', {
      nullable: false,
      description: "The vendor's own id, to paste into its console.",
    }),
    name: t.exposeString('name', {
      description: 'What people call it. Null where it has no name; workflow runs never have one.',
    }),
    status: t.field({
      type: JobStatusEnum,
      nullable: false,
      description: "Its state in the one vocabulary. `vendorStatus` has the vendor's own word.",
      resolve: (job) => job.state.status,
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's own status word, untouched; null when it sent none.",
    }),
    state: t.expose('state', {
      type: JobStateUnion,
      nullable: false,
      description: 'The same as `status`, with what only that state has.',
    }),
    isTerminal: t.boolean({
      nullable: false,
      description: 'Whether the vendor is done with it. Not for ever: a finished record can be run again.',
      resolve: (job) => isTerminal(job.state),
    }),
    isCancellable: t.boolean({
      nullable: false,
      description:
        'Whether a cancel can be expected to change anything. A cancel may still be tried when this is false.',
      resolve: (job) => isCancellable(job.state),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created, null when the vendor does not say.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it last changed, null when the vendor does not say.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'When the work began. Null before that, and for records, of which the vendor does not say.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When it ended. Null before that, and for records, of which the vendor does not say.',
    }),
  }),
})

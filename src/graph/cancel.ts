import { requestedJobsById } from '../job/cancel-audit.js'
import { CANCEL_CONCURRENCY, cancelAll, MAX_CANCELS, type CancelReport } from '../job/cancel-all.js'
import { type CancelOutcome } from '../job/cancel.js'
import { JobNotCancellableError, JobNotFoundError, VendorError } from '../job/errors.js'
import { cancels } from './cancel-audit.js'
import { builder } from './builder.js'
import { CANCEL } from './complexity.js'
import { ErrorInterface, errorValue } from './error.js'
import { JobInterface } from './job.js'
import { stringEnum } from './string-enum.js'

/** The error members of every cancel's result union. */
export const CANCEL_ERRORS = [JobNotFoundError, JobNotCancellableError, VendorError]

export const CancelOutcomeEnum = stringEnum<CancelOutcome>(
  'CancelOutcome',
  'The result of a cancel, as the vendor reports it.',
  {
    CANCELLED: 'The vendor reports the job as cancelled.',
    CANCELLING:
      'The vendor accepted the cancel, but the job has not stopped yet. Watch its status: it may still complete or fail.',
    ALREADY_CANCELLED: 'The job was cancelled before, so the vendor rejected the cancel.',
  },
)

const CancelJobOutcomeType = builder.objectRef<CancelReport>('CancelJobOutcome').implement({
  description: 'The result of `cancelJobs` for one job. Either `outcome` or `error` is set.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id from the argument.' }),
    job: t.expose('job', {
      type: JobInterface,
      description: 'The job as the vendor reports it now; null when the vendor returned none.',
    }),
    outcome: t.expose('outcome', {
      type: CancelOutcomeEnum,
      description: 'What the cancel did; null when there is an error.',
    }),
    error: t.field({
      type: ErrorInterface,
      description: 'Why the job was not cancelled, or why the outcome is unknown; null when there is an outcome.',
      resolve: ({ error }) => error && errorValue(error),
    }),
  }),
})

builder.mutationField('cancelJobs', (t) =>
  t.field({
    type: [CancelJobOutcomeType],
    complexity: ({ ids }) => ({ field: CANCEL * ids.length, multiplier: ids.length }),
    nullable: false,
    description:
      'Cancels several jobs of any vendor. Returns one outcome per id, in the order given; an id given twice is sent once. ' +
      `At most ${CANCEL_CONCURRENCY} cancels are in flight at a time, and a failure does not stop the others. ` +
      'Cancels continue after the client disconnects. Those that cannot start before the deadline of the operation, 10 seconds by default, fail with NOT_ATTEMPTED.',
    args: { ids: t.arg.idList({ required: true, description: `1 to ${MAX_CANCELS} global ids of jobs.` }) },
    extensions: cancels<{ ids: readonly string[] }>(({ ids }, sessions) => requestedJobsById(sessions, ids)),
    resolve: (_root, { ids }, { sessions, deadline, log, cancelAudit }) =>
      cancelAll(sessions, ids, { deadline, log, audit: cancelAudit }),
  }),
)

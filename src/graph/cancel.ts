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

/** The members of a cancel's result union beside its success. */
export const CANCEL_ERRORS = [JobNotFoundError, JobNotCancellableError, VendorError]

export const CancelOutcomeEnum = stringEnum<CancelOutcome>(
  'CancelOutcome',
  'What became of a cancel, as the vendor reports it.',
  {
    CANCELLED: 'The vendor says that the job is cancelled.',
    CANCELLING:
      'The vendor took the request and the job has not stopped yet. Watch its status: it may still end otherwise.',
    ALREADY_CANCELLED: 'The vendor refused, because the job had been cancelled before.',
  },
)

const CancelJobOutcomeType = builder.objectRef<CancelReport>('CancelJobOutcome').implement({
  description: 'What became of one of the jobs of `cancelJobs`: either an `outcome` or an `error`.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The id that was asked for.' }),
    job: t.expose('job', {
      type: JobInterface,
      description: 'The job as the vendor reports it now; null when the vendor showed none.',
    }),
    outcome: t.expose('outcome', { type: CancelOutcomeEnum, description: 'Null when there is an error.' }),
    error: t.field({
      type: ErrorInterface,
      description: 'Why it was not cancelled, or why that is not known; null when there is an outcome.',
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
      'Asks the vendors to stop several jobs, any mix. One outcome each, in the order given; an id given twice is sent once. ' +
      `At most ${CANCEL_CONCURRENCY} are under way at a time, and one that fails does not hold up the others. ` +
      'They go on when the caller leaves. What could not begin in the time for the operation, 10 seconds unless it is set otherwise, is NOT_ATTEMPTED.',
    args: { ids: t.arg.idList({ required: true, description: `1 to ${MAX_CANCELS} ids that this gateway gave out.` }) },
    extensions: cancels<{ ids: readonly string[] }>(({ ids }, sessions) => requestedJobsById(sessions, ids)),
    resolve: (_root, { ids }, { sessions, deadline, log, cancelAudit }) =>
      cancelAll(sessions, ids, { deadline, log, audit: cancelAudit }),
  }),
)

import type { JobFailure, JobState, JobStatus } from '../job/state.js'
import { builder } from './builder.js'
import { stringEnum } from './string-enum.js'

/** The `JobStatus` enum: the tag of {@link JobState}. */
export const JobStatusEnum = stringEnum<JobStatus>(
  'JobStatus',
  'The normalised status of a job, the same for all vendors. Values may be added: keep a default branch.',
  {
    DRAFT: 'Created but never started. It stays so until somebody runs it.',
    QUEUED: 'Accepted and waiting to start.',
    RUNNING: 'In progress.',
    CANCELLING: 'Cancel accepted, but not stopped yet. It may still complete or fail.',
    COMPLETED: 'Ran to its end. This says nothing about the verdict: a completed record may have failed rules.',
    FAILED: 'Ended by an error.',
    CANCELLED: 'Stopped before its end, as the vendor reports.',
    SKIPPED: 'Did not run, because of a condition or as a duplicate.',
    UNKNOWN: 'A vendor status that this gateway does not know yet. `vendorStatus` has the raw value.',
  },
)

type StateOf<Status extends JobStatus> = Extract<JobState, { status: Status }>

const JobFailureType = builder.objectRef<JobFailure>('JobFailure').implement({
  description: 'Why a job failed.',
  fields: (t) => ({
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's error message, or a sentence saying that there is none.",
    }),
    code: t.exposeString('code', {
      description: "The vendor's error type, or the key of the failed rule; null when the vendor gives none.",
    }),
  }),
})

const STARTED_AT = 'When the job started; null when the vendor does not report it.'
const ENDED_AT = 'When the job ended; null when the vendor does not report it.'

const JobDraft = builder.objectRef<StateOf<'DRAFT'>>('JobDraft').implement({
  description: 'The state of a job that was created but never started.',
  fields: (t) => ({
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the job was created; null when the vendor does not report it.',
    }),
  }),
})

const JobQueued = builder.objectRef<StateOf<'QUEUED'>>('JobQueued').implement({
  description: 'The state of a job that waits to start.',
  fields: (t) => ({
    queuedAt: t.expose('queuedAt', {
      type: 'DateTime',
      description:
        'When the job was queued. No vendor reports it, so this is the time of creation, which is too early for a job that is run again.',
    }),
  }),
})

const JobRunning = builder.objectRef<StateOf<'RUNNING'>>('JobRunning').implement({
  description: 'The state of a job in progress.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    progress: t.exposeFloat('progress', {
      description: 'Progress from 0 to 1; null when the vendor reports none.',
    }),
  }),
})

const JobCancelling = builder.objectRef<StateOf<'CANCELLING'>>('JobCancelling').implement({
  description: 'The state of a job whose cancel was accepted, but that has not stopped yet.',
  fields: (t) => ({ startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }) }),
})

const JobCompleted = builder.objectRef<StateOf<'COMPLETED'>>('JobCompleted').implement({
  description: 'The state of a job that ran to its end, whatever its verdict.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
  }),
})

const JobFailed = builder.objectRef<StateOf<'FAILED'>>('JobFailed').implement({
  description: 'The state of a job that ended by an error.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
    failure: t.expose('failure', { type: JobFailureType, nullable: false, description: 'Why the job failed.' }),
  }),
})

const JobCancelled = builder.objectRef<StateOf<'CANCELLED'>>('JobCancelled').implement({
  description: 'The state of a job that was stopped before its end.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
  }),
})

const JobSkipped = builder.objectRef<StateOf<'SKIPPED'>>('JobSkipped').implement({
  description: 'The state of a job that did not run.',
  fields: (t) => ({
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When the job was skipped; null when the vendor does not report it.',
    }),
    reason: t.exposeString('reason', { description: 'Why the job was skipped; null when the vendor gives no reason.' }),
  }),
})

const JobUnknown = builder.objectRef<StateOf<'UNKNOWN'>>('JobUnknown').implement({
  description: 'The state of a job whose status this gateway does not know.',
  fields: (t) => ({
    vendorStatus: t.exposeString('vendorStatus', { description: "The vendor's raw status; null when it sent none." }),
  }),
})

/** The member for each state. A missing one does not compile. */
const MEMBERS = {
  DRAFT: JobDraft,
  QUEUED: JobQueued,
  RUNNING: JobRunning,
  CANCELLING: JobCancelling,
  COMPLETED: JobCompleted,
  FAILED: JobFailed,
  CANCELLED: JobCancelled,
  SKIPPED: JobSkipped,
  UNKNOWN: JobUnknown,
} satisfies Record<JobStatus, unknown>

/** The `JobState` union: the shape of {@link JobState}. */
export const JobStateUnion = builder.unionType('JobState', {
  description:
    'The status of a job as a union, whose members carry the data of that state. Members may be added: keep a default branch.',
  types: Object.values(MEMBERS),
  resolveType: (state) => MEMBERS[state.status],
})

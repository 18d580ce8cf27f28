import type { JobFailure, JobState, JobStatus } from '../job/state.js'
import { builder } from './builder.js'
import { stringEnum } from './string-enum.js'

/** The `JobStatus` enum: the tag of {@link JobState}. */
export const JobStatusEnum = stringEnum<JobStatus>(
  'JobStatus',
  'One vocabulary for the status words of all vendors. Values may be added: keep a default branch.',
  {
    DRAFT: 'Created but never started. It rests until somebody runs it.',
    QUEUED: 'Accepted and waiting to start.',
    RUNNING: 'At work.',
    CANCELLING: 'Asked to stop and winding down. It may still end otherwise.',
    COMPLETED: 'Ran to its end. This says nothing of the verdict: a completed record may have failed rules.',
    FAILED: 'Ended by an error.',
    CANCELLED: 'Stopped before its end, as the vendor itself reports.',
    SKIPPED: 'Decided not to run, by a condition or as a duplicate.',
    UNKNOWN: 'A word of the vendor that this gateway does not know yet: `vendorStatus` has it.',
  },
)

type StateOf<Status extends JobStatus> = Extract<JobState, { status: Status }>

const JobFailureType = builder.objectRef<JobFailure>('JobFailure').implement({
  description: 'Why a job failed.',
  fields: (t) => ({
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's words, or a sentence saying that it gave none.",
    }),
    code: t.exposeString('code', {
      description: "The vendor's error type or the key of the rule that failed; null when it gave none.",
    }),
  }),
})

const STARTED_AT = 'When the work began, null when the vendor does not say.'
const ENDED_AT = 'When it ended, null when the vendor does not say.'

const JobDraft = builder.objectRef<StateOf<'DRAFT'>>('JobDraft').implement({
  description: 'Created but never started.',
  fields: (t) => ({
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created, null when the vendor does not say.',
    }),
  }),
})

const JobQueued = builder.objectRef<StateOf<'QUEUED'>>('JobQueued').implement({
  description: 'Accepted and waiting to start.',
  fields: (t) => ({
    queuedAt: t.expose('queuedAt', {
      type: 'DateTime',
      description:
        'Since when. Neither vendor says, so this is when the job was created: too early for a job that is run again.',
    }),
  }),
})

const JobRunning = builder.objectRef<StateOf<'RUNNING'>>('JobRunning').implement({
  description: 'At work.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    progress: t.exposeFloat('progress', {
      description: 'How far it is, from 0 to 1; null when the vendor gives nothing to tell by.',
    }),
  }),
})

const JobCancelling = builder.objectRef<StateOf<'CANCELLING'>>('JobCancelling').implement({
  description: 'Asked to stop and winding down.',
  fields: (t) => ({ startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }) }),
})

const JobCompleted = builder.objectRef<StateOf<'COMPLETED'>>('JobCompleted').implement({
  description: 'Ran to its end, whatever its verdict.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
  }),
})

const JobFailed = builder.objectRef<StateOf<'FAILED'>>('JobFailed').implement({
  description: 'Ended by an error.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
    failure: t.expose('failure', { type: JobFailureType, nullable: false, description: 'What went wrong.' }),
  }),
})

const JobCancelled = builder.objectRef<StateOf<'CANCELLED'>>('JobCancelled').implement({
  description: 'Stopped before its end.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', { type: 'DateTime', description: STARTED_AT }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: ENDED_AT }),
  }),
})

const JobSkipped = builder.objectRef<StateOf<'SKIPPED'>>('JobSkipped').implement({
  description: 'Decided not to run.',
  fields: (t) => ({
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When that was decided, null when the vendor does not say.',
    }),
    reason: t.exposeString('reason', { description: "Why, in the vendor's words; null when it does not say." }),
  }),
})

const JobUnknown = builder.objectRef<StateOf<'UNKNOWN'>>('JobUnknown').implement({
  description: 'In a state this gateway has no word for.',
  fields: (t) => ({
    vendorStatus: t.exposeString('vendorStatus', { description: "The vendor's word, null when it sent none." }),
  }),
})

/** The member for each state; a state without one does not compile. */
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

/** The `JobState` union: the one shape into which all vendors' status words go. */
export const JobStateUnion = builder.unionType('JobState', {
  description:
    'The same fact as `JobStatus`, as a union whose members carry what only that state has. Members may be added: keep a default branch.',
  types: Object.values(MEMBERS),
  resolveType: (state) => MEMBERS[state.status],
})

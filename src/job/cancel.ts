import { DocketError, JobNotCancellableError, JobNotFoundError, VendorError } from './errors.js'
import type { Job } from './job.js'

export type CancelOutcome = 'CANCELLED' | 'CANCELLING' | 'ALREADY_CANCELLED'

export interface Cancellation<J extends Job = Job> {
  readonly job: J
  readonly outcome: CancelOutcome
}

export interface CancelAttempt<J extends Job> {
  /** Sends the cancel and gives the job that the vendor answered with. Called exactly once. */
  readonly send: () => Promise<J>
  /** Reads the job afresh, null when it is unknown; null itself where the vendor offers no such read. */
  readonly reread: (() => Promise<J | null>) | null
  /** Told of the job as the vendor last reported it, so that later reads of the same request do not show an older one. */
  readonly remember?: (job: J) => void
}

/**
 * Cancels a job and says what the vendor says of it, nothing more.
 *
 * The cancel is sent first and never twice. A refusal, and an answer that got lost, are explained by reading the
 * job again; a state is only ever what the vendor reported.
 *
 * @throws {JobNotFoundError} the vendor knows no such job
 * @throws {JobNotCancellableError} the job ended otherwise, or never began
 * @throws {VendorError} the vendor failed, refused without showing why, or left the outcome unknown
 */
export async function cancelJob<J extends Job>(attempt: CancelAttempt<J>): Promise<Cancellation<J>> {
  let answered: J
  try {
    answered = await attempt.send()
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    if (isRefusal(error)) return explainRefusal(error, attempt)
    if (isOutcomeOpen(error)) return explainLostAnswer(error, attempt)
    throw error
  }
  attempt.remember?.(answered)
  return judge(answered, { whenCancelled: 'CANCELLED', whenLive: () => ({ job: answered, outcome: 'CANCELLING' }) })
}

/** A 4xx that says nothing of credentials or quota: only the job itself can tell why. 404 is a JobNotFoundError by now. */
function isRefusal(error: VendorError): boolean {
  return error.code === 'VENDOR_REJECTED'
}

function isOutcomeOpen(error: VendorError): boolean {
  return error.details.mayHaveArrived === true
}

async function explainRefusal<J extends Job>(
  refusal: VendorError,
  attempt: CancelAttempt<J>,
): Promise<Cancellation<J>> {
  const job = await read(attempt, () => {
    throw new VendorError(
      refusal.vendor,
      refusal.code,
      'The vendor refused the cancel, and why could not be read from the job.',
      refusal.details,
    )
  })
  return judge(job, {
    whenCancelled: 'ALREADY_CANCELLED',
    whenLive: () => {
      if (job.state.status === 'CANCELLING') return { job, outcome: 'CANCELLING' }
      throw new VendorError(
        refusal.vendor,
        refusal.code,
        `The vendor refused the cancel although the job is ${job.state.status}.`,
        refusal.details,
      )
    },
  })
}

async function explainLostAnswer<J extends Job>(
  lost: VendorError,
  attempt: CancelAttempt<J>,
): Promise<Cancellation<J>> {
  const job = await read(attempt, () => {
    throw new VendorError(
      lost.vendor,
      lost.code,
      `The outcome of the cancel is unknown: ${lost.message} It was not sent again, and the job could not be read.`,
      lost.details,
    )
  })
  return judge(job, {
    whenCancelled: 'CANCELLED',
    whenLive: () => {
      if (job.state.status === 'CANCELLING' || lost.details.wasAccepted) return { job, outcome: 'CANCELLING' }
      throw new VendorError(
        lost.vendor,
        lost.code,
        `The outcome of the cancel is unknown: ${lost.message} It was not sent again; the job is ${job.state.status} for now.`,
        lost.details,
      )
    },
  })
}

async function read<J extends Job>(attempt: CancelAttempt<J>, otherwise: () => never): Promise<J> {
  if (attempt.reread === null) return otherwise()
  const job = await attempt.reread().catch((error: unknown) => {
    if (error instanceof DocketError) return otherwise()
    throw error
  })
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
  attempt.remember?.(job)
  return job
}

interface Verdict<J extends Job> {
  readonly whenCancelled: CancelOutcome
  readonly whenLive: () => Cancellation<J>
}

function judge<J extends Job>(job: J, verdict: Verdict<J>): Cancellation<J> {
  switch (job.state.status) {
    case 'CANCELLED':
      return { job, outcome: verdict.whenCancelled }
    case 'QUEUED':
    case 'RUNNING':
    case 'CANCELLING':
    case 'UNKNOWN':
      return verdict.whenLive()
    case 'DRAFT':
    case 'COMPLETED':
    case 'FAILED':
    case 'SKIPPED':
      throw new JobNotCancellableError(job)
  }
}

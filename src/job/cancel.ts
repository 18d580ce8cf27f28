import { DocketError, JobNotCancellableError, JobNotFoundError, VendorError } from './errors.js'
import type { Job } from './job.js'

export type CancelOutcome = 'CANCELLED' | 'CANCELLING' | 'ALREADY_CANCELLED'

export interface Cancellation<J extends Job = Job> {
  readonly job: J
  readonly outcome: CancelOutcome
  /** With which the vendor answered the cancel itself; null when no answer came. Never shown. */
  readonly httpStatus: number | null
}

/** What a vendor answered a cancel with. */
export interface CancelResponse<T> {
  readonly httpStatus: number
  readonly job: T
}

/**
 * The same answer, with the job read out of what the vendor sent.
 * @throws {VendorError} what `read` throws, with the status that was answered although it cannot be understood
 */
export function mapCancelResponse<T, J>(
  { httpStatus, job }: CancelResponse<T>,
  read: (job: T) => J,
): CancelResponse<J> {
  try {
    return { httpStatus, job: read(job) }
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    throw new VendorError(error.vendor, error.code, error.message, { ...error.details, httpStatus })
  }
}

export interface CancelAttempt<J extends Job> {
  /** Sends the cancel. Called exactly once. */
  readonly send: () => Promise<CancelResponse<J>>
  /** Reads the job afresh, null when it is unknown; null itself where the vendor offers no such read. */
  readonly reread: (() => Promise<J | null>) | null
  /** Told of the job as the vendor last reported it, so that later reads of the same request do not show an older one. */
  readonly onJobRead?: (job: J) => void
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
  let answered: CancelResponse<J>
  try {
    answered = await attempt.send()
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    if (isRejection(error)) return explainRejection(error, attempt)
    if (isOutcomeUnknown(error)) return explainLostResponse(error, attempt)
    throw error
  }
  const { job, httpStatus } = answered
  attempt.onJobRead?.(job)
  return outcomeOf(job, { httpStatus, whenCancelled: 'CANCELLED', whenLive: () => 'CANCELLING' })
}

/** A 4xx that says nothing of credentials or quota: only the job itself can tell why. 404 is a JobNotFoundError by now. */
function isRejection(error: VendorError): boolean {
  return error.code === 'VENDOR_REJECTED'
}

function isOutcomeUnknown(error: VendorError): boolean {
  return error.details.mayHaveArrived === true
}

async function explainRejection<J extends Job>(
  refusal: VendorError,
  attempt: CancelAttempt<J>,
): Promise<Cancellation<J>> {
  const httpStatus = statusOf(refusal)
  const job = await read(attempt, httpStatus, () => {
    throw new VendorError(
      refusal.vendor,
      refusal.code,
      'The vendor refused the cancel, and why could not be read from the job.',
      refusal.details,
    )
  })
  return outcomeOf(job, {
    httpStatus,
    whenCancelled: 'ALREADY_CANCELLED',
    whenLive: () => {
      if (job.state.status === 'CANCELLING') return 'CANCELLING'
      throw new VendorError(
        refusal.vendor,
        refusal.code,
        `The vendor refused the cancel although the job is ${job.state.status}.`,
        refusal.details,
      )
    },
  })
}

async function explainLostResponse<J extends Job>(
  lost: VendorError,
  attempt: CancelAttempt<J>,
): Promise<Cancellation<J>> {
  const httpStatus = statusOf(lost)
  const job = await read(attempt, httpStatus, () => {
    throw new VendorError(
      lost.vendor,
      lost.code,
      `The outcome of the cancel is unknown: ${lost.message} It was not sent again, and the job could not be read.`,
      lost.details,
    )
  })
  return outcomeOf(job, {
    httpStatus,
    whenCancelled: 'CANCELLED',
    whenLive: () => {
      if (job.state.status === 'CANCELLING' || lost.details.wasAccepted) return 'CANCELLING'
      throw new VendorError(
        lost.vendor,
        lost.code,
        `The outcome of the cancel is unknown: ${lost.message} It was not sent again; the job is ${job.state.status} for now.`,
        lost.details,
      )
    },
  })
}

function statusOf({ details }: VendorError): number | null {
  return details.httpStatus ?? null
}

async function read<J extends Job>(
  attempt: CancelAttempt<J>,
  httpStatus: number | null,
  otherwise: () => never,
): Promise<J> {
  if (attempt.reread === null) return otherwise()
  const job = await attempt.reread().catch((error: unknown) => {
    if (error instanceof DocketError) return otherwise()
    throw error
  })
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.', httpStatus)
  attempt.onJobRead?.(job)
  return job
}

interface OutcomeRules {
  readonly httpStatus: number | null
  readonly whenCancelled: CancelOutcome
  readonly whenLive: () => CancelOutcome
}

function outcomeOf<J extends Job>(job: J, { httpStatus, whenCancelled, whenLive }: OutcomeRules): Cancellation<J> {
  switch (job.state.status) {
    case 'CANCELLED':
      return { job, outcome: whenCancelled, httpStatus }
    case 'QUEUED':
    case 'RUNNING':
    case 'CANCELLING':
    case 'UNKNOWN':
      return { job, outcome: whenLive(), httpStatus }
    case 'DRAFT':
    case 'COMPLETED':
    case 'FAILED':
    case 'SKIPPED':
      throw new JobNotCancellableError(job, httpStatus)
  }
}

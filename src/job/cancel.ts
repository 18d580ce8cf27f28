import { DocketError, JobNotCancellableError, JobNotFoundError, VendorError } from './errors.js'
import type { Job } from './job.js'

export type CancelOutcome = 'CANCELLED' | 'CANCELLING' | 'ALREADY_CANCELLED'

export interface Cancellation<J extends Job = Job> {
  readonly job: J
  readonly outcome: CancelOutcome
  /** The HTTP status of the vendor's response to the cancel; null when there was no response. Never shown to callers. */
  readonly httpStatus: number | null
}

/** A vendor's response to a cancel. */
export interface CancelResponse<T> {
  readonly httpStatus: number
  readonly job: T
}

/**
 * Applies `read` to the job of a response.
 * @throws {VendorError} what `read` throws, with the HTTP status of the response added
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
  /** Reads the job again, past all caches; resolves to null for an unknown job. Null when the vendor offers no such read. */
  readonly reread: (() => Promise<J | null>) | null
  /** Called with the job as the vendor last reported it, so that later reads of this request do not return an older one. */
  readonly onJobRead?: (job: J) => void
}

/**
 * Cancels a job and reports the state that the vendor reports.
 *
 * The cancel is sent first and never twice. When the vendor rejects it, or the response is lost, the job is read again
 * to find out why.
 *
 * @throws {JobNotFoundError} the vendor has no such job
 * @throws {JobNotCancellableError} the job has already ended, or never started
 * @throws {VendorError} the vendor failed, rejected the cancel for no visible reason, or left the outcome unknown
 */
export async function cancelJob<J extends Job>(attempt: CancelAttempt<J>): Promise<Cancellation<J>> {
  let response: CancelResponse<J>
  try {
    response = await attempt.send()
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    if (isRejection(error)) return explainRejection(error, attempt)
    if (isOutcomeUnknown(error)) return explainLostResponse(error, attempt)
    throw error
  }
  const { job, httpStatus } = response
  attempt.onJobRead?.(job)
  return outcomeOf(job, { httpStatus, whenCancelled: 'CANCELLED', whenLive: () => 'CANCELLING' })
}

/** A 4xx that is not about credentials or quota: only the job can show why. 404 is already a JobNotFoundError here. */
function isRejection(error: VendorError): boolean {
  return error.code === 'VENDOR_REJECTED'
}

function isOutcomeUnknown(error: VendorError): boolean {
  return error.details.mayHaveArrived === true
}

async function explainRejection<J extends Job>(
  rejection: VendorError,
  attempt: CancelAttempt<J>,
): Promise<Cancellation<J>> {
  const httpStatus = statusOf(rejection)
  const job = await read(attempt, httpStatus, () => {
    throw new VendorError(
      rejection.vendor,
      rejection.code,
      'The vendor rejected the cancel, and the job could not be read to find out why.',
      rejection.details,
    )
  })
  return outcomeOf(job, {
    httpStatus,
    whenCancelled: 'ALREADY_CANCELLED',
    whenLive: () => {
      if (job.state.status === 'CANCELLING') return 'CANCELLING'
      throw new VendorError(
        rejection.vendor,
        rejection.code,
        `The vendor rejected the cancel although the job is ${job.state.status}.`,
        rejection.details,
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
      `The outcome of the cancel is unknown: ${lost.message} It was not sent again, and the job could not be read. Read the job before you retry.`,
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
        `The outcome of the cancel is unknown: ${lost.message} It was not sent again; the job is still ${job.state.status}. Read the job before you retry.`,
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
  onFailure: () => never,
): Promise<J> {
  if (attempt.reread === null) return onFailure()
  const job = await attempt.reread().catch((error: unknown) => {
    if (error instanceof DocketError) return onFailure()
    throw error
  })
  if (job === null) throw new JobNotFoundError('The vendor has no such job.', httpStatus)
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

import type { Job } from './job.js'
import type { VendorName } from './vendor-name.js'

/** What can be wrong with a vendor, as a stable code. */
export const VENDOR_ERROR_CODES = [
  'UNAUTHENTICATED',
  'VENDOR_UNAUTHORIZED',
  'VENDOR_RATE_LIMITED',
  'VENDOR_UNAVAILABLE',
  'VENDOR_TIMEOUT',
  'VENDOR_REJECTED',
  'VENDOR_BAD_RESPONSE',
  'VENDOR_NOT_CONFIGURED',
  'VENDOR_UNSUPPORTED',
] as const

export type VendorErrorCode = (typeof VENDOR_ERROR_CODES)[number]

/** Every code an answer of the gateway may carry. */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'NOT_FOUND'
  | 'NOT_CANCELLABLE'
  | 'NOT_ATTEMPTED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | VendorErrorCode
  | 'INTERNAL'

/** The base of every error the gateway means to show: its message is fit for a caller's eyes. */
export abstract class DocketError extends Error {
  abstract readonly code: ErrorCode
  /** What goes into a GraphQL error's `extensions`. */
  extensions(): Record<string, unknown> {
    return { code: this.code }
  }
}

/** The caller asked for something that cannot be asked. Nothing was sent to a vendor. */
export class BadInputError extends DocketError {
  override readonly name = 'BadInputError'
  readonly code = 'BAD_INPUT'
}

/** Nobody the gateway knows is asking. */
export class UnauthenticatedError extends DocketError {
  override readonly name = 'UnauthenticatedError'
  readonly code = 'UNAUTHENTICATED'
  constructor() {
    super('The gateway does not know who is asking: there is no credential, or it was not accepted.')
  }
}

/** The caller is known and may not do this. Nothing was sent to a vendor. */
export class ForbiddenError extends DocketError {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}

/** The gateway has more to do than it can. Nothing was begun. */
export class OverloadedError extends DocketError {
  override readonly name = 'OverloadedError'
  readonly code = 'OVERLOADED'
  /** It is over as soon as fewer ask, so there is nothing to compute this from. */
  readonly retryAfterSeconds = 1
  constructor() {
    super('The gateway has more to do than it can at the moment. Nothing was begun; try again in 1 s.')
  }
  override extensions(): Record<string, unknown> {
    return { code: this.code, retryAfterSeconds: this.retryAfterSeconds }
  }
}

/** The vendor knows no such job, or does not show it to this credential. */
export class JobNotFoundError extends DocketError {
  override readonly name = 'JobNotFoundError'
  readonly code = 'NOT_FOUND'
  /** @param httpStatus with which a cancel of it was answered, where that is what showed it. Never shown. */
  constructor(
    message: string,
    readonly httpStatus: number | null = null,
  ) {
    super(message)
  }
}

/** The job had ended, or had not begun, so there was nothing to cancel. Carries the job as it is now. */
export class JobNotCancellableError extends DocketError {
  override readonly name = 'JobNotCancellableError'
  readonly code = 'NOT_CANCELLABLE'
  /** @param httpStatus with which the cancel was answered, when it was. Never shown. */
  constructor(
    readonly job: Job,
    readonly httpStatus: number | null = null,
  ) {
    super(`There was nothing to cancel: the job is ${job.state.status}.`)
  }
}

/** The time for the operation was over before this part of it was begun. Nothing was sent to a vendor. */
export class NotAttemptedError extends DocketError {
  override readonly name = 'NotAttemptedError'
  readonly code = 'NOT_ATTEMPTED'
  constructor() {
    super('Time was over before this cancel could begin: nothing was sent. It can be asked for again.')
  }
}

export interface VendorErrorDetails {
  /** When to try again, as far as it is known. */
  readonly retryAfterSeconds?: number | null
  /** What the vendor said: one line, shortened, without credentials. */
  readonly vendorMessage?: string | null
  /** The vendor's reference for its support. */
  readonly incidentId?: string | null
  /** The HTTP status that was answered, when one was. Never shown. */
  readonly httpStatus?: number
  /** Whether the request may have reached the vendor although no usable answer came back. Never shown. */
  readonly mayHaveArrived?: boolean
  /** Whether the vendor said yes, although not what became of it. Never shown. */
  readonly wasAccepted?: boolean
  /** Whether the same read may do better in a moment. Never shown. */
  readonly isRetryable?: boolean
  /** Whether the vendor was given less time than it usually gets, because the caller's was over. Never shown. */
  readonly isDeadlineBound?: boolean
}

/** A vendor did not do what it was asked. */
export class VendorError extends DocketError {
  override readonly name = 'VendorError'
  constructor(
    readonly vendor: VendorName,
    readonly code: VendorErrorCode,
    message: string,
    readonly details: VendorErrorDetails = {},
  ) {
    super(message)
  }
  override extensions(): Record<string, unknown> {
    const { retryAfterSeconds } = this.details
    return { code: this.code, vendor: this.vendor, ...(retryAfterSeconds == null ? {} : { retryAfterSeconds }) }
  }
}

/** What is told of a failure nobody foresaw: nothing. The log has it. */
export class InternalError extends DocketError {
  override readonly name = 'InternalError'
  readonly code = 'INTERNAL'
  constructor() {
    super('The gateway failed. Its log has the details.')
  }
}

/** Everything the gateway throws on purpose. */
export type JobError =
  | BadInputError
  | UnauthenticatedError
  | ForbiddenError
  | OverloadedError
  | JobNotFoundError
  | JobNotCancellableError
  | NotAttemptedError
  | VendorError
  | InternalError

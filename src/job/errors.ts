import type { Job } from './job.js'
import type { VendorName } from './vendor-name.js'

/** The stable codes of a {@link VendorError}. */
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

/** Every error code that a response of the gateway may carry. */
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

/** The base class of every error that callers may see. Its message must hold no secrets. */
export abstract class DocketError extends Error {
  abstract readonly code: ErrorCode
  /** The `extensions` of the GraphQL error. */
  extensions(): Record<string, unknown> {
    return { code: this.code }
  }
}

/** An argument is invalid. Nothing was sent to a vendor. */
export class BadInputError extends DocketError {
  override readonly name = 'BadInputError'
  readonly code = 'BAD_INPUT'
}

/** The request has no valid credential. Nothing was executed. */
export class UnauthenticatedError extends DocketError {
  override readonly name = 'UnauthenticatedError'
  readonly code = 'UNAUTHENTICATED'
  constructor() {
    super('No valid credential. Send `Authorization: Bearer <key or token>`, or `x-api-key`.')
  }
}

/** The caller's role does not allow this. Nothing was sent to a vendor. */
export class ForbiddenError extends DocketError {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}

/** The gateway is overloaded. Nothing was executed. */
export class OverloadedError extends DocketError {
  override readonly name = 'OverloadedError'
  readonly code = 'OVERLOADED'
  /** A constant: the load is over as soon as fewer requests come, which cannot be computed. */
  readonly retryAfterSeconds = 1
  constructor() {
    super('The gateway is overloaded; nothing was executed. Retry after 1 s.')
  }
  override extensions(): Record<string, unknown> {
    return { code: this.code, retryAfterSeconds: this.retryAfterSeconds }
  }
}

/** The vendor has no such job, or hides it from this credential. */
export class JobNotFoundError extends DocketError {
  override readonly name = 'JobNotFoundError'
  readonly code = 'NOT_FOUND'
  /** @param httpStatus of the response to a cancel, when that response is the reason. Never shown to callers. */
  constructor(
    message: string,
    readonly httpStatus: number | null = null,
  ) {
    super(message)
  }
}

/** The job has already ended, or never started. Carries the job as it is now. */
export class JobNotCancellableError extends DocketError {
  override readonly name = 'JobNotCancellableError'
  readonly code = 'NOT_CANCELLABLE'
  /** @param httpStatus of the response to the cancel, when there was one. Never shown to callers. */
  constructor(
    readonly job: Job,
    readonly httpStatus: number | null = null,
  ) {
    super(`The job cannot be cancelled: it is ${job.state.status}.`)
  }
}

/** The deadline of the operation passed before this cancel started. Nothing was sent to a vendor. */
export class NotAttemptedError extends DocketError {
  override readonly name = 'NotAttemptedError'
  readonly code = 'NOT_ATTEMPTED'
  constructor() {
    super('The deadline passed before this cancel started; nothing was sent. Retry it.')
  }
}

export interface VendorErrorDetails {
  /** When to retry, in seconds; null or absent when unknown. */
  readonly retryAfterSeconds?: number | null
  /** The vendor's error message: one line, shortened, without credentials. */
  readonly vendorMessage?: string | null
  /** The vendor's reference number for a support request. */
  readonly incidentId?: string | null
  /** The HTTP status of the response, when there was one. Not shown to callers, as are all details below. */
  readonly httpStatus?: number
  /** Whether the request may have reached the vendor although no usable response came back. */
  readonly mayHaveArrived?: boolean
  /** Whether the vendor accepted the request without reporting the resulting state. */
  readonly wasAccepted?: boolean
  /** Whether a retry of the same read may succeed. */
  readonly isRetryable?: boolean
  /** Whether the caller's deadline cut the vendor's usual timeout short. */
  readonly isDeadlineBound?: boolean
}

/** A request to a vendor failed, or was rejected by it. */
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

/** Stands for an unexpected error. Its details go to the log only. */
export class InternalError extends DocketError {
  override readonly name = 'InternalError'
  readonly code = 'INTERNAL'
  constructor() {
    super('Internal error of the gateway. Its log has the details.')
  }
}

/** All errors that the gateway throws deliberately. */
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

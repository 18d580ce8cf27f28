import {
  BadInputError,
  InternalError,
  JobNotCancellableError,
  JobNotFoundError,
  NotAttemptedError,
  VendorError,
  type DocketError,
  type ErrorCode,
} from '../job/errors.js'
import { builder } from './builder.js'
import { JobInterface } from './job.js'
import { VendorNameEnum } from './vendor-name.js'
import { stringEnum } from './string-enum.js'

export const ErrorCodeEnum = stringEnum<ErrorCode>(
  'ErrorCode',
  'A stable error code. Errors of reads carry it as `extensions.code`. Values may be added: keep a default branch.',
  {
    BAD_INPUT: 'An argument is invalid. Nothing was sent to a vendor.',
    NOT_FOUND: 'The vendor has no such job, or hides it from this credential.',
    NOT_CANCELLABLE: 'The job has already ended, or never started.',
    NOT_ATTEMPTED: 'The deadline passed before this part of the operation started. Nothing was sent to a vendor.',
    UNAUTHENTICATED:
      'The request has no valid credential. When the error names a vendor, the caller sent no credential for that vendor.',
    FORBIDDEN: "The caller's role does not allow this. Nothing was sent to a vendor.",
    RATE_LIMITED: 'The caller sent too many operations. Retry after `retryAfterSeconds`. Nothing was sent to a vendor.',
    OVERLOADED: 'The gateway is overloaded. Retry after `retryAfterSeconds`. Nothing was executed.',
    VENDOR_UNAUTHORIZED: 'The vendor did not accept the credential.',
    VENDOR_RATE_LIMITED: 'The vendor received too many requests. Retry after `retryAfterSeconds`, when it is known.',
    VENDOR_UNAVAILABLE: 'The vendor failed or cannot be reached.',
    VENDOR_TIMEOUT: 'The vendor did not respond in time.',
    VENDOR_REJECTED: 'The vendor rejected the request.',
    VENDOR_BAD_RESPONSE: 'The vendor sent a response that the gateway cannot read.',
    VENDOR_NOT_CONFIGURED: 'This gateway has no credential for the vendor.',
    VENDOR_UNSUPPORTED: 'The vendor does not support this.',
    INTERNAL: 'Internal error of the gateway. Its log has the details.',
  },
)

const MESSAGE = 'An explanation for people, in English. It may change: let programs read `code`.'
const CODE = 'A stable code for programs.'

/** The `Error` interface: the fields of every expected failure. */
export const ErrorInterface = builder.interfaceRef<DocketError>('Error').implement({
  description: 'An expected failure, returned as data.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', { nullable: false, description: MESSAGE }),
    code: t.expose('code', { type: ErrorCodeEnum, nullable: false, description: CODE }),
  }),
})

/** Copies an error into a plain object: GraphQL treats an Error that a resolver returns as thrown. */
export function errorValue(error: DocketError): DocketError {
  return { ...error, message: error.message, extensions: () => error.extensions() }
}

builder.objectType(JobNotFoundError, {
  name: 'JobNotFoundError',
  description: 'The vendor has no such job, or hides it from this credential.',
  interfaces: [ErrorInterface],
})

builder.objectType(JobNotCancellableError, {
  name: 'JobNotCancellableError',
  description: 'The job cannot be cancelled: it has already ended, or never started.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    job: t.expose('job', { type: JobInterface, description: 'The job as the vendor reports it now.' }),
  }),
})

builder.objectType(VendorError, {
  name: 'VendorError',
  description:
    'The vendor failed, rejected the request, or left the outcome unknown; `message` says which. The gateway never resends a cancel.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'The vendor that failed.' }),
    retryAfterSeconds: t.float({
      description: 'When to retry, in seconds; null when unknown.',
      resolve: (error) => error.details.retryAfterSeconds,
    }),
    vendorMessage: t.string({
      description: "The vendor's error message, shortened to one line; null when there is none.",
      resolve: (error) => error.details.vendorMessage,
    }),
    incidentId: t.string({
      description: "The vendor's reference number for a support request; null when there is none.",
      resolve: (error) => error.details.incidentId,
    }),
  }),
})

builder.objectType(BadInputError, {
  name: 'BadInputError',
  description: 'The id is invalid. Nothing was sent to a vendor.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotAttemptedError, {
  name: 'NotAttemptedError',
  description: 'The deadline passed before this cancel started. Nothing was sent to a vendor, so it is safe to retry.',
  interfaces: [ErrorInterface],
})

builder.objectType(InternalError, {
  name: 'InternalError',
  description: 'Internal error of the gateway. Its log has the details.',
  interfaces: [ErrorInterface],
})

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
  'What went wrong, for programs. Errors of reads carry it as `extensions.code`. Values may be added: keep a default branch.',
  {
    BAD_INPUT: 'An argument cannot be used. Nothing was sent to a vendor.',
    NOT_FOUND: 'The vendor knows no such thing, or does not show it to this credential.',
    NOT_CANCELLABLE: 'The job had ended or had not begun.',
    NOT_ATTEMPTED: 'Time was over before this part of the operation began. Nothing was sent to a vendor.',
    UNAUTHENTICATED:
      'The gateway does not know who is asking; where it names a vendor, the caller brought no credential for that one.',
    FORBIDDEN: 'The caller may not do this.',
    RATE_LIMITED:
      'The caller sent too many operations; `retryAfterSeconds` says when to try again. Nothing was sent to a vendor.',
    OVERLOADED:
      'The gateway has more to do than it can; `retryAfterSeconds` says when to try again. Nothing was begun, nothing was sent to a vendor.',
    VENDOR_UNAUTHORIZED: 'The vendor did not accept the credential.',
    VENDOR_RATE_LIMITED:
      'The vendor has had too many requests; `retryAfterSeconds` says when to try again, where it is known.',
    VENDOR_UNAVAILABLE: 'The vendor failed or cannot be reached.',
    VENDOR_TIMEOUT: 'The vendor did not answer in time.',
    VENDOR_REJECTED: 'The vendor refused the request.',
    VENDOR_BAD_RESPONSE: 'The vendor answered with something that cannot be understood.',
    VENDOR_NOT_CONFIGURED: 'This gateway has no credential for that vendor.',
    VENDOR_UNSUPPORTED: 'The vendor offers no way to do this.',
    INTERNAL: 'A fault of the gateway. Its log has the details.',
  },
)

const MESSAGE = 'For people, in English. May change: programs read `code`.'
const CODE = 'For programs.'

/** The `Error` interface: what every expected failure has. */
export const ErrorInterface = builder.interfaceRef<DocketError>('Error').implement({
  description: 'A failure that is part of the answer.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', { nullable: false, description: MESSAGE }),
    code: t.expose('code', { type: ErrorCodeEnum, nullable: false, description: CODE }),
  }),
})

/** The same failure as a value: GraphQL takes an Error that a resolver returns for one that it threw. */
export function errorValue(error: DocketError): DocketError {
  return { ...error, message: error.message, extensions: () => error.extensions() }
}

builder.objectType(JobNotFoundError, {
  name: 'JobNotFoundError',
  description: 'The vendor knows no such job, or does not show it to this credential.',
  interfaces: [ErrorInterface],
})

builder.objectType(JobNotCancellableError, {
  name: 'JobNotCancellableError',
  description: 'The job had ended otherwise, or had never begun, so there was nothing to cancel.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    job: t.expose('job', { type: JobInterface, description: 'The job as the vendor reports it now.' }),
  }),
})

builder.objectType(VendorError, {
  name: 'VendorError',
  description:
    'The vendor failed, refused, or left the outcome unknown; the message says which. A cancel is never sent again by itself.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    vendor: t.expose('vendor', { type: VendorNameEnum, nullable: false, description: 'Which vendor.' }),
    retryAfterSeconds: t.float({
      description: 'When to try again, in seconds; null when it is not known.',
      resolve: (error) => error.details.retryAfterSeconds,
    }),
    vendorMessage: t.string({
      description: 'What the vendor said: one line, shortened; null when it said nothing readable.',
      resolve: (error) => error.details.vendorMessage,
    }),
    incidentId: t.string({
      description: "The vendor's reference for its support, null when it gave none.",
      resolve: (error) => error.details.incidentId,
    }),
  }),
})

builder.objectType(BadInputError, {
  name: 'BadInputError',
  description: 'An id that cannot be one. Nothing was sent to a vendor.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotAttemptedError, {
  name: 'NotAttemptedError',
  description: 'Time was over before this was begun. Nothing was sent to a vendor, so it can be asked for again.',
  interfaces: [ErrorInterface],
})

builder.objectType(InternalError, {
  name: 'InternalError',
  description: 'A fault of the gateway. Its log has the details.',
  interfaces: [ErrorInterface],
})

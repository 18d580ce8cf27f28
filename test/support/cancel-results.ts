import { encodeJobId } from '../../src/job/job-id.js'
import type { JobStatus } from '../../src/job/state.js'
import type { CancellableKind } from './cancellable-kinds.js'
import { json } from './scripted-vendor.js'

/** Returns the responses of the vendor, and the results of the mutation, for this kind of job. */
export function cancelResults(kind: CancellableKind) {
  const { statuses } = kind
  const respondWithStatus = (status: string) => json(200, { id: kind.vendorId, status })
  const job = (status: JobStatus, vendorStatus: string) => ({
    id: encodeJobId({ type: kind.type, path: kind.path }),
    vendor: kind.vendor,
    vendorId: kind.vendorId,
    status,
    vendorStatus,
  })
  const success = (outcome: string, job: object) => ({ __typename: kind.graph.success, outcome, job })
  const notCancellable = (job: object) => ({
    __typename: 'JobNotCancellableError',
    code: 'NOT_CANCELLABLE',
    refused: job,
  })
  const vendorError = (code: string, more: object = {}) => ({
    __typename: 'VendorError',
    code,
    vendor: kind.vendor,
    ...more,
  })
  /** Statuses that do not explain why the vendor rejects a cancel. */
  const cancellableStatuses = [
    ...Object.keys(statuses.live).filter((status) => !statuses.cancelling.includes(status)),
    'Hibernating',
  ]
  /** For a job that must not be read. */
  const unexpectedRead = json(500, { message: 'Unexpected read.' })
  return { statuses, respondWithStatus, job, success, notCancellable, vendorError, cancellableStatuses, unexpectedRead }
}

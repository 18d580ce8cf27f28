import { VendorError, type VendorErrorCode, type VendorErrorDetails } from '../../src/job/errors.js'
import type { Job, JobAddress } from '../../src/job/job.js'
import { jobState, type JobFacts, type JobStatus } from '../../src/job/state.js'

export const TEST_ADDRESS: JobAddress = { type: 'Execution', path: ['1'] }

/** A job of which nothing is known but this. */
export function jobWithStatus(status: JobStatus, facts: Partial<JobFacts> = {}, address = TEST_ADDRESS): Job {
  const all = { createdAt: null, updatedAt: null, startedAt: null, endedAt: null, vendorStatus: status, ...facts }
  return {
    address,
    vendor: 'KODEXA',
    vendorId: address.path.at(-1)!,
    name: null,
    state: jobState(status, all),
    vendorStatus: all.vendorStatus,
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    endedAt: null,
  }
}

/** What a vendor failed with. */
export function vendorError(
  code: VendorErrorCode = 'VENDOR_UNAVAILABLE',
  details: VendorErrorDetails = {},
): VendorError {
  return new VendorError('KODEXA', code, `Kodexa did ${code}.`, details)
}

import { describe, expect, it, vi } from 'vitest'
import { cancelJob, type CancelOutcome } from '../../src/job/cancel.js'
import { JobNotCancellableError, JobNotFoundError, VendorError, type VendorErrorDetails } from '../../src/job/errors.js'
import type { Job } from '../../src/job/job.js'
import { JOB_STATUSES, jobState, type JobStatus } from '../../src/job/state.js'

type Expected = CancelOutcome | typeof JobNotCancellableError | typeof VendorError

/** What each status means, by how it became known: by the cancel's own answer, or by reading the job afterwards. */
const VERDICTS: Record<
  JobStatus,
  { readonly answered: Expected; readonly refused: Expected; readonly lost: Expected }
> = {
  DRAFT: { answered: JobNotCancellableError, refused: JobNotCancellableError, lost: JobNotCancellableError },
  QUEUED: { answered: 'CANCELLING', refused: VendorError, lost: VendorError },
  RUNNING: { answered: 'CANCELLING', refused: VendorError, lost: VendorError },
  CANCELLING: { answered: 'CANCELLING', refused: 'CANCELLING', lost: 'CANCELLING' },
  COMPLETED: { answered: JobNotCancellableError, refused: JobNotCancellableError, lost: JobNotCancellableError },
  FAILED: { answered: JobNotCancellableError, refused: JobNotCancellableError, lost: JobNotCancellableError },
  CANCELLED: { answered: 'CANCELLED', refused: 'ALREADY_CANCELLED', lost: 'CANCELLED' },
  SKIPPED: { answered: JobNotCancellableError, refused: JobNotCancellableError, lost: JobNotCancellableError },
  UNKNOWN: { answered: 'CANCELLING', refused: VendorError, lost: VendorError },
}

/** Those that explain neither a refusal nor a lost answer. */
const UNEXPLAINED = JOB_STATUSES.filter((status) => VERDICTS[status].refused === VendorError)

describe('a cancel that the vendor accepts', () => {
  it.each(JOB_STATUSES)('has the outcome of the status in the response: %s', async (status) => {
    const job = jobThatIs(status)
    const send = vi.fn(() => Promise.resolve({ httpStatus: 202, job }))
    const reread = vi.fn(unexpected)
    await expectVerdict(cancelJob({ send, reread }), VERDICTS[status].answered, job, 202)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).not.toHaveBeenCalled()
  })
})

describe('a cancel that the vendor rejects', () => {
  it.each(JOB_STATUSES)('is explained by reading the job once: %s', async (status) => {
    const job = jobThatIs(status)
    const send = vi.fn(() => Promise.reject(REFUSAL))
    const reread = vi.fn(() => Promise.resolve(job))
    await expectVerdict(cancelJob({ send, reread }), VERDICTS[status].refused, job, 409)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).toHaveBeenCalledTimes(1)
  })

  it.each(UNEXPLAINED)('keeps the vendor message when the job is %s', async (status) => {
    const job = jobThatIs(status)
    const error = await failureOf(
      cancelJob({ send: () => Promise.reject(REFUSAL), reread: () => Promise.resolve(job) }),
    )
    expect(error).toMatchObject({ vendor: 'KODEXA', code: 'VENDOR_REJECTED', details: REFUSAL.details })
    expect((error as Error).message).toContain(status)
  })

  it('throws JobNotFoundError when the read finds no job', async () => {
    const send = vi.fn(() => Promise.reject(REFUSAL))
    const reread = vi.fn(() => Promise.resolve(null))
    expect(await failureOf(cancelJob({ send, reread }))).toBeInstanceOf(JobNotFoundError)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).toHaveBeenCalledTimes(1)
  })

  it('stays a rejection, with its details, when the job cannot be read', async () => {
    const send = vi.fn(() => Promise.reject(REFUSAL))
    const outage = vendorError('VENDOR_UNAVAILABLE', { mayHaveArrived: true, vendorMessage: 'out of order' })
    const reread = vi.fn(() => Promise.reject(outage))
    const error = await failureOf(cancelJob({ send, reread }))
    expect(error).toBeInstanceOf(VendorError)
    expect(error).toMatchObject({ vendor: 'KODEXA', code: 'VENDOR_REJECTED', details: REFUSAL.details })
    expect((error as Error).message).toContain('could not be read')
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).toHaveBeenCalledTimes(1)
  })

  it('stays a rejection when the vendor offers no read', async () => {
    const send = vi.fn(() => Promise.reject(REFUSAL))
    const error = await failureOf(cancelJob({ send, reread: null }))
    expect(error).toBeInstanceOf(VendorError)
    expect(error).toMatchObject({ code: 'VENDOR_REJECTED', details: REFUSAL.details })
    expect((error as Error).message).toContain('could not be read')
    expect(send).toHaveBeenCalledTimes(1)
  })
})

const LOSSES = ['VENDOR_TIMEOUT', 'VENDOR_UNAVAILABLE', 'VENDOR_BAD_RESPONSE'] as const

describe.each(LOSSES)('a cancel whose response was lost: %s', (code) => {
  const lost = vendorError(code, { mayHaveArrived: true, retryAfterSeconds: 4 })

  it.each(JOB_STATUSES)('is explained by reading the job once: %s', async (status) => {
    const job = jobThatIs(status)
    const send = vi.fn(() => Promise.reject(lost))
    const reread = vi.fn(() => Promise.resolve(job))
    await expectVerdict(cancelJob({ send, reread }), VERDICTS[status].lost, job, null)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).toHaveBeenCalledTimes(1)
  })

  it.each(UNEXPLAINED)('has an unknown outcome when the job is %s', async (status) => {
    const job = jobThatIs(status)
    const error = await failureOf(cancelJob({ send: () => Promise.reject(lost), reread: () => Promise.resolve(job) }))
    expect(error).toMatchObject({ vendor: 'KODEXA', code, details: lost.details })
    expect((error as Error).message).toMatch(/outcome of the cancel is unknown/)
    expect((error as Error).message).toContain(lost.message)
    expect((error as Error).message).toContain('not sent again')
    expect((error as Error).message).toContain(status)
  })

  it('throws JobNotFoundError when the read finds no job', async () => {
    const send = vi.fn(() => Promise.reject(lost))
    expect(await failureOf(cancelJob({ send, reread: () => Promise.resolve(null) }))).toBeInstanceOf(JobNotFoundError)
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('has an unknown outcome when the job cannot be read', async () => {
    const send = vi.fn(() => Promise.reject(lost))
    const reread = vi.fn(() => Promise.reject(vendorError('VENDOR_UNAUTHORIZED')))
    const error = await failureOf(cancelJob({ send, reread }))
    expect(error).toBeInstanceOf(VendorError)
    expect(error).toMatchObject({ vendor: 'KODEXA', code, details: lost.details })
    expect((error as Error).message).toMatch(/outcome of the cancel is unknown.*not sent again.*could not be read/)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).toHaveBeenCalledTimes(1)
  })

  it('has an unknown outcome when the vendor offers no read', async () => {
    const send = vi.fn(() => Promise.reject(lost))
    const error = await failureOf(cancelJob({ send, reread: null }))
    expect(error).toBeInstanceOf(VendorError)
    expect((error as Error).message).toMatch(/outcome of the cancel is unknown/)
    expect(send).toHaveBeenCalledTimes(1)
  })
})

describe('a cancel that fails for another reason', () => {
  it.each([
    ['an unknown job', new JobNotFoundError('The vendor has no such job.')],
    [
      'a credential that is not accepted',
      vendorError('VENDOR_UNAUTHORIZED', { httpStatus: 401, mayHaveArrived: false }),
    ],
    [
      'too many requests',
      vendorError('VENDOR_RATE_LIMITED', { httpStatus: 429, mayHaveArrived: false, retryAfterSeconds: 3 }),
    ],
    ['a vendor that cannot be reached', vendorError('VENDOR_UNAVAILABLE')],
    ['a fault of the gateway', new TypeError('undefined is not a function')],
  ])('throws that error without reading the job: %s', async (_reason, reason) => {
    const send = vi.fn(() => Promise.reject(reason))
    const reread = vi.fn(unexpected)
    expect(await failureOf(cancelJob({ send, reread }))).toBe(reason)
    expect(send).toHaveBeenCalledTimes(1)
    expect(reread).not.toHaveBeenCalled()
  })
})

const REFUSAL = vendorError('VENDOR_REJECTED', {
  httpStatus: 409,
  mayHaveArrived: false,
  vendorMessage: 'not now',
  incidentId: 'INC-1',
})

function vendorError(code: VendorError['code'], details: VendorErrorDetails = {}): VendorError {
  return new VendorError('KODEXA', code, `Kodexa did ${code}.`, details)
}

function jobThatIs(status: JobStatus): Job {
  const facts = { createdAt: null, updatedAt: null, startedAt: null, endedAt: null, vendorStatus: status }
  return {
    address: { type: 'Execution', path: ['1'] },
    vendor: 'KODEXA',
    vendorId: '1',
    name: null,
    state: jobState(status, facts),
    ...facts,
  }
}

async function expectVerdict(
  cancelling: Promise<unknown>,
  expected: Expected,
  job: Job,
  httpStatus: number | null,
): Promise<void> {
  if (typeof expected === 'string') return expect(await cancelling).toEqual({ job, outcome: expected, httpStatus })
  const error = await failureOf(cancelling)
  expect(error).toBeInstanceOf(expected)
  if (error instanceof VendorError) return expect(error.details.httpStatus ?? null).toBe(httpStatus)
  expect(error).toMatchObject({ job, httpStatus })
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a failure, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}

function unexpected(): Promise<never> {
  throw new Error('The job was read although nothing asked for it.')
}

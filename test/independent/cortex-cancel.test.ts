import { afterEach, describe, expect, it } from 'vitest'
import { requestLines, openFixture, type Fixture } from './fixture.js'
import type { CortexOptions } from './cortex-server.js'
import { wireRecord, wireRun } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

interface Result {
  readonly __typename: string
  readonly outcome?: string
  readonly code?: string
  readonly message?: string
  readonly vendorMessage?: string | null
  readonly retryAfterSeconds?: number | null
  readonly job?: { readonly status: string; readonly vendorStatus: string } | null
}

/** The ways to a job of Cortex's that can be read again. */
const KINDS = {
  record: {
    mutation: 'cancelRecord(by: { ref: { collectionId: "col_1", recordId: "job_1" } })',
    success: 'CancelRecordSuccess',
    field: 'record',
    path: 'collections/col_1/records/job_1',
  },
  run: {
    mutation: 'cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "job_1" } })',
    success: 'CancelWorkflowRunSuccess',
    field: 'workflowRun',
    path: 'workflows/work_1/runs/job_1',
  },
} as const

type Kind = keyof typeof KINDS

async function open(status: string, options: Partial<CortexOptions> = {}) {
  const cortex = {
    collections: { col_1: [wireRecord('job_1', { status })] },
    workflows: { work_1: [wireRun('job_1', { status })] },
    discoverable: { work_x: [wireRun('job_1', { status })] },
  }
  fixture = await openFixture({ cortex, cortexOptions: options })
}

async function cancel(kind: Kind): Promise<Result> {
  const { mutation, success, field } = KINDS[kind]
  const { data, errors } = await fixture.ask(
    `mutation { result: ${mutation} {
       __typename ... on ${success} { outcome done: ${field} { status vendorStatus } } ... on Error { message code }
       ... on JobNotCancellableError { job { status vendorStatus } } ... on VendorError { vendorMessage retryAfterSeconds } } }`,
  )
  expect(errors).toEqual([])
  const { done, ...result }: Result & { readonly done?: Result['job'] } = data.result
  return done ? { ...result, job: done } : result
}

describe.each(['record', 'run'] as const)('the cancel of a %s', (kind) => {
  const { path, success } = KINDS[kind]

  it('is one call without a body', async () => {
    await open('RUNNING')
    expect(await cancel(kind)).toEqual({
      __typename: success,
      outcome: 'CANCELLED',
      job: { status: 'CANCELLED', vendorStatus: 'CANCELLED' },
    })
    const { cortex } = fixture.sent()
    expect(requestLines(cortex)).toEqual([`POST apps/c/${path}/cancel`])
    expect(cortex[0]!.bytes).toBe(0)
    expect(cortex[0]!.headers['transfer-encoding']).toBeUndefined()
    expect(cortex[0]!.headers['content-length']).toBe('0')
  })

  it.each(['QUEUED', 'PENDING'])('is sent for a job that is %s', async (status) => {
    await open(status)
    expect(await cancel(kind)).toMatchObject({ outcome: 'CANCELLED' })
  })

  it('that has not taken effect yet is CANCELLING, with the vendor status', async () => {
    await open('RUNNING', { cancel: 'later' })
    expect(await cancel(kind)).toMatchObject({ outcome: 'CANCELLING', job: { status: 'RUNNING' } })
    fixture.cortex.settle()
    expect(await cancel(kind)).toMatchObject({ outcome: 'ALREADY_CANCELLED', job: { status: 'CANCELLED' } })
  })

  it('that is accepted with an empty response is CANCELLING, not an error', async () => {
    await open('RUNNING', { cancel: 'later, 204' })
    expect(await cancel(kind)).toMatchObject({ __typename: success, outcome: 'CANCELLING', job: { status: 'RUNNING' } })
  })

  it.each([200, 400, 409] as const)(
    'of a finished job reports that it is finished when the vendor responds with %d',
    async (cancelOfFinished) => {
      await open('COMPLETED', { cancelOfFinished })
      expect(await cancel(kind)).toMatchObject({
        __typename: 'JobNotCancellableError',
        code: 'NOT_CANCELLABLE',
        job: { status: 'COMPLETED' },
      })
      expect(fixture.sent().cortex.length).toBeLessThanOrEqual(2)
    },
  )

  it.each([200, 400, 409] as const)(
    'of a cancelled job reports that it is cancelled when the vendor responds with %d',
    async (cancelOfFinished) => {
      await open('CANCELLED', { cancelOfFinished })
      const { outcome, job } = await cancel(kind)
      expect(job).toEqual({ status: 'CANCELLED', vendorStatus: 'CANCELLED' })
      // A vendor that answers 200 does not tell the two apart.
      expect(cancelOfFinished === 200 ? ['CANCELLED', 'ALREADY_CANCELLED'] : ['ALREADY_CANCELLED']).toContain(outcome)
    },
  )

  it('of a job that the vendor does not know is not found', async () => {
    fixture = await openFixture({ cortex: { collections: { col_1: [] }, workflows: { work_1: [] } } })
    expect(await cancel(kind)).toMatchObject({ __typename: 'JobNotFoundError', code: 'NOT_FOUND' })
  })

  it.each([400, 409, 422])(
    'that is rejected with %d while the job runs is an error with the vendor message',
    async (refuseCancels) => {
      await open('RUNNING', { refuseCancels })
      expect(await cancel(kind)).toMatchObject({
        __typename: 'VendorError',
        code: 'VENDOR_REJECTED',
        vendorMessage: 'The queue is locked',
      })
      expect(requestLines(fixture.sent().cortex)).toEqual([`POST apps/c/${path}/cancel`, `GET apps/c/${path}`])
    },
  )

  it('passes on a plain-text rejection', async () => {
    await open('RUNNING', { refuseCancels: 400, errorBody: 'text' })
    expect(await cancel(kind)).toMatchObject({
      __typename: 'VendorError',
      code: 'VENDOR_REJECTED',
      vendorMessage: 'The queue is locked',
    })
  })

  it.each(['html', 'none'] as const)('shows no markup of a rejection: %s', async (errorBody) => {
    await open('RUNNING', { refuseCancels: 400, errorBody })
    const { __typename, vendorMessage } = await cancel(kind)
    expect(__typename).toBe('VendorError')
    expect(vendorMessage ?? '').not.toMatch(/[<>]/)
  })

  it.each([
    [401, 'VENDOR_UNAUTHORIZED', null],
    [403, 'VENDOR_UNAUTHORIZED', null],
    [429, 'VENDOR_RATE_LIMITED', 7],
  ])('that is refused with %d is not explained by the job', async (refuseCancels, code, retryAfterSeconds) => {
    await open('RUNNING', { refuseCancels })
    expect(await cancel(kind)).toMatchObject({ __typename: 'VendorError', code, retryAfterSeconds })
    expect(fixture.sent().cortex).toHaveLength(1)
  })

  it.each(['json', 'html', 'none'] as const)(
    'that gets a 502 after it took effect is verified by a read and not repeated: %s',
    async (errorBody) => {
      await open('RUNNING', { failAfterCancel: 502, errorBody })
      expect(await cancel(kind)).toMatchObject({ outcome: 'CANCELLED', job: { status: 'CANCELLED' } })
      expect(requestLines(fixture.sent().cortex)).toEqual([`POST apps/c/${path}/cancel`, `GET apps/c/${path}`])
    },
  )

  it('that gets a 502 while the job still runs is an error with an unknown outcome', async () => {
    await open('RUNNING', { failAfterCancel: 502, cancel: 'later' })
    expect(await cancel(kind)).toMatchObject({ __typename: 'VendorError', code: 'VENDOR_UNAVAILABLE' })
  })
})

describe('the cancel of a discoverable run', () => {
  const mutation = `mutation { cancelWorkflowRun(by: { ref: { workflowId: "work_x", runId: "job_1", discoverable: true } }) {
    __typename ... on CancelWorkflowRunSuccess { outcome workflowRun { status discoverable } } ... on Error { code } } }`

  it('uses its own path', async () => {
    await open('RUNNING')
    const { data } = await fixture.ask(mutation)
    expect(data.cancelWorkflowRun).toEqual({
      __typename: 'CancelWorkflowRunSuccess',
      outcome: 'CANCELLED',
      workflowRun: { status: 'CANCELLED', discoverable: true },
    })
    expect(requestLines(fixture.sent().cortex)).toEqual(['POST apps/c/workflows/discover/work_x/runs/job_1/cancel'])
  })

  it.each([400, 409] as const)(
    'that is rejected with %d has an unknown outcome, because the run cannot be read',
    async (cancelOfFinished) => {
      await open('COMPLETED', { cancelOfFinished })
      const { data } = await fixture.ask(mutation)
      expect(data.cancelWorkflowRun).toEqual({ __typename: 'VendorError', code: 'VENDOR_REJECTED' })
      expect(fixture.sent().cortex).toHaveLength(1)
    },
  )
})

describe('what is read after a cancel', () => {
  it('is the current status of the vendor', async () => {
    await open('RUNNING', { cancel: 'later' })
    await cancel('record')
    const status = async () => {
      const { data } = await fixture.ask(
        '{ record(by: { ref: { collectionId: "col_1", recordId: "job_1" } }) { status } }',
      )
      return data.record.status as string
    }
    expect(await status()).toBe('RUNNING')
    fixture.cortex.settle()
    expect(await status()).toBe('CANCELLED')
  })
})

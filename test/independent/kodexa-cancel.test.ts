import { afterEach, describe, expect, it } from 'vitest'
import { requestLines, openFixture, type Fixture } from './fixture.js'
import type { KodexaOptions } from './kodexa-server.js'
import { wireExecution, executionId, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function cancel(
  status: string,
  kodexaOptions: Partial<KodexaOptions> = {},
  extra: Wire = {},
  id = executionId(1),
) {
  fixture = await openFixture({ kodexa: [wireExecution(1, { status, ...extra })], kodexaOptions })
  return again(id)
}

async function again(id = executionId(1)) {
  const { data, errors, text } = await fixture.ask(
    `mutation { cancelExecution(by: { executionId: "${id}" }) {
       __typename ... on CancelExecutionSuccess { outcome execution { status vendorId } } ... on Error { message code }
       ... on JobNotCancellableError { job { status } } ... on VendorError { vendorMessage incidentId } } }`,
  )
  expect(errors).toEqual([])
  expect(text).not.toContain('SecretClass')
  return data.cancelExecution as Readonly<Record<string, unknown>>
}

describe('the cancel of an execution', () => {
  it('is one call without a body, and CANCELLED where the vendor says so', async () => {
    expect(await cancel('RUNNING')).toMatchObject({ outcome: 'CANCELLED', execution: { status: 'CANCELLED' } })
    const { kodexa } = fixture.sent()
    expect(requestLines(kodexa)).toEqual([`PUT api/executions/${executionId(1)}/cancel`])
    expect(kodexa[0]!.headers['content-length']).toBe('0')
  })

  it('is CANCELLING while steps finish, then has the vendor status', async () => {
    expect(await cancel('RUNNING', { cancel: 'winds down' })).toMatchObject({
      outcome: 'CANCELLING',
      execution: { status: 'CANCELLING' },
    })
    expect(await again()).toMatchObject({ outcome: 'CANCELLING', execution: { status: 'CANCELLING' } })
    fixture.kodexa.settle()
    expect(await again()).toMatchObject({ outcome: 'ALREADY_CANCELLED', execution: { status: 'CANCELLED' } })
  })

  it('is CANCELLING where the status comes as a code', async () => {
    expect(await cancel('RUNNING', { cancel: 'winds down', statusAs: 'code' })).toMatchObject({ outcome: 'CANCELLING' })
  })

  it.each([200, 400, 409] as const)(
    'of a finished execution reports that it is finished when the vendor responds with %d',
    async (cancelOfFinished) => {
      for (const [status, ours] of [
        ['SUCCEEDED', 'COMPLETED'],
        ['FAILED', 'FAILED'],
        ['SKIPPED', 'SKIPPED'],
        ['REPROCESSED', 'COMPLETED'],
      ] as const) {
        expect(await cancel(status, { cancelOfFinished })).toMatchObject({
          __typename: 'JobNotCancellableError',
          job: { status: ours },
        })
        expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(2)
        await fixture.close()
      }
    },
  )

  it.each([400, 409] as const)(
    'of a cancelled execution reports that it is cancelled when the vendor responds with %d',
    async (cancelOfFinished) => {
      expect(await cancel('CANCELLED', { cancelOfFinished })).toMatchObject({
        outcome: 'ALREADY_CANCELLED',
        execution: { status: 'CANCELLED' },
      })
    },
  )

  it('of one that the vendor does not know is not found', async () => {
    expect(await cancel('RUNNING', {}, {}, executionId(99))).toMatchObject({
      __typename: 'JobNotFoundError',
      code: 'NOT_FOUND',
    })
  })

  it.each([
    ['platform', 'The scheduler is locked', 'inc-1'],
    ['problem', 'The scheduler is locked', null],
    ['problem with status object', 'The scheduler is locked', null],
    ['spring', 'The scheduler is locked', null],
    ['text', 'The scheduler is locked', null],
  ] as const)(
    'that is rejected while it runs has the vendor message: %s',
    async (errorBody, vendorMessage, incidentId) => {
      expect(await cancel('RUNNING', { refuseCancels: 409, errorBody })).toMatchObject({
        __typename: 'VendorError',
        code: 'VENDOR_REJECTED',
        vendorMessage,
        incidentId,
      })
    },
  )

  it('that is rejected in HTML shows no markup', async () => {
    const { __typename, vendorMessage } = await cancel('RUNNING', { refuseCancels: 409, errorBody: 'html' })
    expect(__typename).toBe('VendorError')
    expect(typeof vendorMessage === 'string' ? vendorMessage : '').not.toMatch(/[<>]/)
  })

  it('accepts a UUID in either case', async () => {
    expect(await cancel('RUNNING', {}, {}, executionId(1).toUpperCase())).toMatchObject({
      outcome: 'CANCELLED',
      execution: { vendorId: executionId(1) },
    })
    await fixture.close()
    expect(await cancel('RUNNING', {}, { id: executionId(1).toUpperCase() })).toMatchObject({ outcome: 'CANCELLED' })
  })

  it('accepts a response with only an id', async () => {
    const lacks = Object.keys(wireExecution(1)).filter((name) => name !== 'id')
    expect(await cancel('RUNNING', { lacks })).toMatchObject({
      outcome: 'CANCELLING',
      execution: { status: 'UNKNOWN' },
    })
  })
})

import { describe, expect, it } from 'vitest'
import { ID, useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const { normaliser, execution } = useKodexaNormaliser()

describe('the status details of an execution', () => {
  it('have the step status under either name', () => {
    expect(execution({ statusDetails: { stepStatus: 'Reading' } }).statusDetails).toMatchObject({
      stepStatus: 'Reading',
    })
    expect(execution({ statusDetails: { status: 'RUNNING' } }).statusDetails).toMatchObject({ stepStatus: 'RUNNING' })
    expect(
      execution({
        statusDetails: { stepStatus: 'Reading', status: 'RUNNING' },
      }).statusDetails,
    ).toMatchObject({ stepStatus: 'Reading' })
  })

  it('have a message, a detail and a progress', () => {
    expect(
      execution({
        statusDetails: { message: 'OCR', detail: 'Page 3', progress: 3, progressMax: 12 },
      }).statusDetails,
    ).toEqual({
      message: 'OCR',
      detail: 'Page 3',
      stepStatus: null,
      progress: 0.25,
    })
  })

  it.each([null, undefined, 'OCR', []])('are null when the vendor sends %j', (statusDetails) => {
    expect(execution({ statusDetails }).statusDetails).toBeNull()
  })

  it('are the reason of a skipped execution', () => {
    expect(
      execution({
        status: 'SKIPPED',
        statusDetails: { message: 'Processed before' },
      }).state,
    ).toMatchObject({ reason: 'Processed before' })
    expect(execution({ status: 'SKIPPED' }).state).toMatchObject({ reason: null })
  })
})

describe('the processing time of an execution', () => {
  const times = { startDate: '2026-01-01T00:00:00Z', endDate: '2026-01-01T00:00:05Z' }

  it('is the figure of the vendor', () => {
    expect(execution({ ...times, processingTime: 1234 }).processingTimeMs).toBe(1234)
    expect(execution({ processingTime: 1234 }).processingTimeMs).toBe(1234)
  })

  it.each([0, -1, null, undefined, '1234'])(
    'is the time between start and end when that figure is %j',
    (processingTime) => {
      expect(execution({ ...times, processingTime }).processingTimeMs).toBe(5000)
    },
  )

  it('is null when start or end is missing', () => {
    expect(execution({ processingTime: 0, startDate: times.startDate }).processingTimeMs).toBeNull()
    expect(execution({ endDate: times.endDate }).processingTimeMs).toBeNull()
  })

  it('is never negative', () => {
    expect(execution({ startDate: times.endDate, endDate: times.startDate }).processingTimeMs).toBe(0)
  })
})

describe('the name of an execution', () => {
  it('is its description, else its pipeline, else null', () => {
    expect(execution({ description: 'Read invoice 7', pipeline: { ref: 'acme/read' } }).name).toBe('Read invoice 7')
    expect(execution({ description: '', pipeline: { ref: 'acme/read' } }).name).toBe('acme/read')
    expect(execution().name).toBeNull()
  })
})

describe('an execution of an older or newer instance', () => {
  it('requires nothing but its id', () => {
    expect(normaliser().execution({ id: ID }, ID)).toEqual({
      address: { type: 'Execution', path: [ID] },
      vendor: 'KODEXA',
      vendorId: ID,
      name: null,
      vendorStatus: null,
      state: { status: 'UNKNOWN', vendorStatus: null },
      createdAt: null,
      updatedAt: null,
      startedAt: null,
      endedAt: null,
      uuid: null,
      changeSequence: null,
      description: null,
      organizationId: null,
      assistantId: undefined,
      documentFamilyId: undefined,
      sessionId: null,
      parentExecutionId: undefined,
      priority: null,
      processingTimeMs: null,
      loggingEnabled: null,
      deleteLoggingOnSuccess: null,
      pipeline: null,
      exception: null,
      statusDetails: null,
      targets: null,
      context: null,
    })
  })

  it('distinguishes missing fields from null', () => {
    expect(execution({ assistantId: null, documentFamilyId: '', parentExecutionId: 'exe_0' })).toMatchObject({
      assistantId: null,
      documentFamilyId: null,
      parentExecutionId: 'exe_0',
    })
  })

  it('may have a session, children and options, which are omitted', () => {
    const legacy = {
      session: { id: 'ses_1', token: 'of-bad-news' },
      childExecutions: [{ id: 'child', childExecutions: [] }],
      parameters: { password: 'of-bad-news' },
      customOptions: { password: 'of-bad-news' },
      contentObjects: [{ id: 'con_1' }],
    }
    const read = execution(legacy)
    expect(read).toMatchObject({ vendorId: ID, state: { status: 'RUNNING' } })
    expect(JSON.stringify(read)).not.toContain('of-bad-news')
    expect(Object.keys(read)).toEqual(Object.keys(execution()))
  })

  it('may have its targets as an array', () => {
    const target = {
      type: 'DATA_STORE',
      ref: 'store://acme/x',
      documentFamilyId: 'fam_1',
      labelsToApply: ['a', 7],
      actor: { actorId: 'me' },
    }
    const targets = [
      {
        type: 'DATA_STORE',
        ref: 'store://acme/x',
        documentFamilyId: 'fam_1',
        contentObjectId: null,
        labelsToApply: ['a'],
        taxonomyRefs: null,
      },
    ]
    expect(execution({ targets: { instances: [target, null] } }).targets).toEqual(targets)
    expect(execution({ targets: [target] }).targets).toEqual(targets)
    expect(execution({ targets: {} }).targets).toBeNull()
  })

  it('may have fields of unexpected types, which makes only those fields null', () => {
    const odd = {
      priority: 'high',
      changeSequence: 2 ** 40,
      description: {},
      assistantId: '',
      organizationId: 12,
      loggingEnabled: 'yes',
      pipeline: [],
      exceptionDetails: 'broken',
    }
    expect(execution({ ...odd, createdOn: '2026-01-01' })).toMatchObject({
      priority: null,
      changeSequence: null,
      description: null,
      assistantId: null,
      organizationId: '12',
      loggingEnabled: null,
      pipeline: null,
      exception: null,
      createdAt: new Date('2026-01-01'),
    })
  })

  it.each([
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00:00.1Z', '2026-01-01T10:00:00.100Z'],
    ['2026-01-01T10:00:00.123456789Z', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T10:00:00.000+01:00', '2026-01-01T09:00:00.000Z'],
  ])('may have dates with any fraction and offset: %s', (wire, iso) => {
    const time = new Date(iso)
    expect(execution({ createdOn: wire, updatedOn: wire, startDate: wire, endDate: wire })).toMatchObject({
      createdAt: time,
      updatedAt: time,
      startedAt: time,
      endedAt: time,
    })
  })

  it('passes its context on unchanged', () => {
    const context = { eventType: 'CONTENT_CREATED', taxonomyRefs: ['a'], deep: { er: 1 } }
    expect(execution({ context }).context).toEqual(context)
  })
})

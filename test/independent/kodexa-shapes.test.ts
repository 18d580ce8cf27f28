import { afterEach, describe, expect, it } from 'vitest'
import { requestLines, openFixture, type Fixture } from './fixture.js'
import { STATUS_NAMES, type KodexaOptions } from './kodexa-server.js'
import { wireExecution, timestamp, executionId, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function execution(extra: Wire, selection: string, options: Partial<KodexaOptions> = {}) {
  fixture = await openFixture({ kodexa: [wireExecution(1, extra)], kodexaOptions: options })
  const { data, errors } = await fixture.ask(`{ execution(by: { executionId: "${executionId(1)}" }) ${selection} }`)
  expect(errors).toEqual([])
  return data.execution as Readonly<Record<string, unknown>>
}

describe('an execution', () => {
  const WHOLE = `{ vendor vendorId uuid name status vendorStatus isTerminal isCancellable
    createdAt startedAt endedAt changeSequence priority processingTimeMs context
    state { __typename ... on JobRunning { progress } }
    statusDetails { message detail progress stepStatus } targets { type ref labelsToApply }
    pipeline { ref valid steps { name ref stepType status progress outputIds } } exception { message } parent { id } }`

  it('is shown with everything that the vendor documents, by one call with its header', async () => {
    expect(await execution({}, WHOLE)).toEqual({
      vendor: 'KODEXA',
      vendorId: executionId(1),
      uuid: executionId(1).replaceAll('-', ''),
      name: 'Execution 1',
      status: 'RUNNING',
      vendorStatus: 'RUNNING',
      isTerminal: false,
      isCancellable: true,
      createdAt: timestamp(1),
      startedAt: timestamp(1),
      endedAt: null,
      changeSequence: 4,
      priority: 5,
      processingTimeMs: null,
      context: { eventType: 'CONTENT_CREATED' },
      state: { __typename: 'JobRunning', progress: 0.25 },
      statusDetails: {
        message: 'Reading',
        detail: 'page 1',
        progress: 0.25,
        stepStatus: 'OCR',
      },
      targets: [{ type: 'DOCUMENT_STORE', ref: 'org/store', labelsToApply: ['done'] }],
      pipeline: {
        ref: 'org/pipeline',
        valid: true,
        steps: [
          {
            name: 'ocr',
            ref: 'module://org/ocr',
            stepType: 'MODEL',
            status: 'RUNNING',
            progress: 0.25,
            outputIds: ['o1', 'o2'],
          },
        ],
      },
      exception: null,
      parent: null,
    })
    const { kodexa } = fixture.sent()
    expect(requestLines(kodexa)).toEqual([`GET api/executions/${executionId(1)}`])
    expect(kodexa[0]!.headers).toMatchObject({ 'x-requested-with': 'XMLHttpRequest', accept: 'application/json' })
    expect(kodexa[0]!.headers['x-access-token']).toBeUndefined()
  })

  it('is shown where every field but its id is missing', async () => {
    const lacks = Object.keys(wireExecution(1)).filter((name) => name !== 'id')
    expect(await execution({}, WHOLE, { lacks })).toEqual({
      vendor: 'KODEXA',
      vendorId: executionId(1),
      uuid: null,
      name: null,
      status: 'UNKNOWN',
      vendorStatus: null,
      isTerminal: false,
      isCancellable: false,
      createdAt: null,
      startedAt: null,
      endedAt: null,
      changeSequence: null,
      priority: null,
      processingTimeMs: null,
      context: null,
      state: { __typename: 'JobUnknown' },
      statusDetails: null,
      targets: null,
      pipeline: null,
      exception: null,
      parent: null,
    })
  })

  it('is shown where every field but its id is null', async () => {
    const nulls = Object.fromEntries(
      Object.keys(wireExecution(1))
        .filter((name) => name !== 'id')
        .map((name) => [name, null]),
    )
    expect(await execution(nulls, WHOLE)).toMatchObject({
      vendorId: executionId(1),
      status: 'UNKNOWN',
      name: null,
      pipeline: null,
    })
  })

  it.each(
    STATUS_NAMES.flatMap((name) => (['name', 'code', 'code in quotes'] as const).map((as) => [name, as] as const)),
  )('has its status read: %s as %s', async (status, statusAs) => {
    const expected: Record<string, string> = {
      PENDING: 'QUEUED',
      SUCCEEDED: 'COMPLETED',
      REQUESTED: 'QUEUED',
      PENDING_REPROCESSING: 'QUEUED',
      REPROCESSED: 'COMPLETED',
    }
    expect(await execution({ status }, '{ status }', { statusAs })).toEqual({ status: expected[status] ?? status })
  })

  it('keeps a status newer than the documentation', async () => {
    expect(await execution({ status: 'PAUSED' }, '{ status vendorStatus isTerminal }')).toEqual({
      status: 'UNKNOWN',
      vendorStatus: 'PAUSED',
      isTerminal: false,
    })
  })

  it('reads the older name of the step status', async () => {
    expect(
      await execution(
        { statusDetails: { status: 'RUNNING', progress: 3, progressMax: 0 } },
        '{ statusDetails { stepStatus progress } }',
      ),
    ).toEqual({
      statusDetails: { stepStatus: 'RUNNING', progress: null },
    })
  })

  it.each([
    ['a string', 'o1', ['o1']],
    ['several in a string', 'o1, o2', ['o1', 'o2']],
    ['a list', ['o1', 'o2'], ['o1', 'o2']],
  ])('reads what a step puts out from %s', async (_, outputIds, expected) => {
    expect(
      await execution({ pipeline: { steps: [{ outputIds }] } }, '{ pipeline { steps { outputIds status } } }'),
    ).toEqual({
      pipeline: { steps: [{ outputIds: expected, status: 'UNKNOWN' }] },
    })
  })

  it.each([
    '2026-01-10T08:01:00Z',
    '2026-01-10T08:01:00.000Z',
    '2026-01-10T08:01:00.000000000Z',
    '2026-01-10T10:01:00+02:00',
    '2026-01-10T10:01:00.0+0200',
  ])('reads the moment %s', async (moment) => {
    expect(
      await execution(
        { createdOn: moment, pipeline: { steps: [{ start: moment }] } },
        '{ createdAt pipeline { steps { startedAt } } }',
      ),
    ).toEqual({
      createdAt: timestamp(1),
      pipeline: { steps: [{ startedAt: timestamp(1) }] },
    })
  })

  it('says why it failed, without stack traces and options', async () => {
    const exceptionDetails = {
      errorMessage: 'No text found',
      message: 'm',
      errorType: 'Validation',
      stackTrace: [{ className: 'SECRET' }],
      cause: { message: 'SECRET' },
      optionErrors: { key: 'SECRET' },
    }
    const pipeline = {
      steps: [
        {
          name: 'ocr',
          status: 'FAILED',
          options: { token: 'SECRET' },
          context: { token: 'SECRET' },
          exceptionDetails,
        },
      ],
    }
    fixture = await openFixture({
      kodexa: [wireExecution(1, { status: 'FAILED', endDate: timestamp(5), exceptionDetails, pipeline })],
    })
    const { text, data } = await fixture.ask(
      `{ execution(by: { executionId: "${executionId(1)}" }) {
         state { ... on JobFailed { endedAt failure { message code } } }
         exception { message errorType } pipeline { steps { name exception { message } } } } }`,
    )
    expect(data.execution.state).toEqual({
      endedAt: timestamp(5),
      failure: { message: 'No text found', code: 'Validation' },
    })
    expect(text).not.toContain('SECRET')
  })

  it('has its status messages as the vendor orders them, by one call', async () => {
    const messages = {
      [executionId(1)]: [
        { id: 'm1', executionId: executionId(1), title: 'Reading', type: 'THINKING', datetime: timestamp(1) },
        { id: 'm2', title: 'Writing', subtitle: 'page 2', datetime: timestamp(2) },
      ],
    }
    fixture = await openFixture({ kodexa: [wireExecution(1)], messages })
    const { data } = await fixture.ask(
      `{ execution(by: { executionId: "${executionId(1)}" }) { statusMessages { id title subtitle type createdAt } } }`,
    )
    expect(data.execution.statusMessages).toEqual([
      { id: 'm1', title: 'Reading', subtitle: null, type: 'THINKING', createdAt: timestamp(1) },
      { id: 'm2', title: 'Writing', subtitle: 'page 2', type: null, createdAt: timestamp(2) },
    ])
    expect(fixture.sent().kodexa).toHaveLength(2)
  })

  it.each(['platform', 'problem', 'problem with status object', 'spring', 'text', 'html'] as const)(
    'is null without an error where it is unknown: %s',
    async (errorBody) => {
      fixture = await openFixture({ kodexa: [], kodexaOptions: { errorBody } })
      const { data, errors } = await fixture.ask(`{ execution(by: { executionId: "${executionId(1)}" }) { id } }`)
      expect({ data, errors }).toEqual({ data: { execution: null }, errors: [] })
    },
  )
})

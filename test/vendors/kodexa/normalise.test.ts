import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/upstream/lenient.js'
import { VendorError } from '../../../src/job/errors.js'
import { silentLog } from '../../../src/job/log.js'
import { readStatusMessage } from '../../../src/vendors/kodexa/normalise/execution.js'
import { createNormaliser, type Normaliser } from '../../../src/vendors/kodexa/normalise/index.js'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

let warnings: string[]
let normaliser: Normaliser

beforeEach(() => {
  warnings = []
  normaliser = createNormaliser({ ...silentLog, warn: (_fields, message) => void warnings.push(message) })
})

const execution = (wire: JsonObject = {}) => normaliser.execution({ id: ID, status: 'RUNNING', ...wire }, ID)
const step = (wire: JsonObject = {}) =>
  execution({
    pipeline: { steps: [{ status: 'RUNNING', ...wire }] },
  }).pipeline!.steps![0]!

describe('how far an execution is', () => {
  const progress = (wire: JsonObject) => {
    const { state } = execution(wire)
    return state.status === 'RUNNING' ? state.progress : 'not running'
  }
  const running = { status: 'RUNNING', progress: 1, progressMax: 4 }
  const stepsOf = (...steps: readonly JsonObject[]) => ({ pipeline: { steps } })

  it('is what it says of itself, before anything else', () => {
    expect(progress({ statusDetails: { progress: 30, progressMax: 40 }, ...stepsOf(running) })).toBe(0.75)
  })

  it('is zero when it says that it is', () => {
    expect(progress({ statusDetails: { progress: 0, progressMax: 40 }, ...stepsOf(running) })).toBe(0)
  })

  it.each([
    { statusDetails: null },
    { statusDetails: {} },
    { statusDetails: { progress: 3 } },
    { statusDetails: { progressMax: 3 } },
    { statusDetails: { progress: 3, progressMax: 0 } },
    { statusDetails: { progress: 3, progressMax: -1 } },
    { statusDetails: { progress: null, progressMax: null } },
    { statusDetails: { progress: '3', progressMax: '4' } },
  ])('is what its running step says, where it says nothing of use itself: %j', (details) => {
    expect(
      progress({
        ...details,
        ...stepsOf({ status: 'SUCCEEDED', progress: 4, progressMax: 4 }, running, { status: 'PENDING' }),
      }),
    ).toBe(0.25)
  })

  it('is how many steps are done, where no running step says either', () => {
    const steps = [
      { status: 'SUCCEEDED' },
      { status: 'SKIPPED' },
      { status: 'RUNNING', progress: 1, progressMax: 0 },
      { status: 'PENDING' },
    ]
    expect(progress(stepsOf(...steps))).toBe(0.5)
  })

  it('counts a step that failed or was cancelled as done', () => {
    expect(
      progress(
        stepsOf({ status: 'FAILED' }, { status: 'CANCELLED' }, { status: 'REPROCESSED' }, { status: 'PENDING' }),
      ),
    ).toBe(0.75)
  })

  it('cannot be told from steps when one of them has no status', () => {
    expect(progress(stepsOf({ status: 'SUCCEEDED' }, {}))).toBeNull()
  })

  it('can still be told from a running step when others have no status', () => {
    expect(progress(stepsOf({}, running))).toBe(0.25)
  })

  it.each([{}, { pipeline: null }, { pipeline: {} }, { pipeline: { steps: [] } }, { pipeline: { steps: null } }])(
    'is null where nothing tells: %j',
    (wire) => {
      expect(progress(wire)).toBeNull()
    },
  )

  it.each([
    [5, 4, 1],
    [-2, 4, 0],
    [4, 4, 1],
  ])('stays between 0 and 1: %d of %d is %d', (part, whole, fraction) => {
    expect(progress({ statusDetails: { progress: part, progressMax: whole } })).toBe(fraction)
    expect(progress(stepsOf({ status: 'RUNNING', progress: part, progressMax: whole }))).toBe(fraction)
    expect(step({ progress: part, progressMax: whole }).progress).toBe(fraction)
  })

  it.each(['PENDING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'CANCELLING', 'SKIPPED'])(
    'is no part of the state of one that is %s',
    (status) => {
      expect(execution({ status, statusDetails: { progress: 1, progressMax: 2 } }).state).not.toHaveProperty('progress')
    },
  )
})

describe('what went wrong', () => {
  it.each([
    [{ errorMessage: 'precise', message: 'vague', description: 'wordy' }, 'precise'],
    [{ message: 'vague', description: 'wordy' }, 'vague'],
    [{ description: 'wordy' }, 'wordy'],
    [{ errorMessage: '', message: ' ', description: 'wordy' }, 'wordy'],
    [{ errorMessage: null, message: 'vague' }, 'vague'],
  ])('is told in the best words there are: %j', (exceptionDetails, message) => {
    const failed = execution({ status: 'FAILED', exceptionDetails: { ...exceptionDetails, errorType: 'Validation' } })
    expect(failed.exception).toMatchObject({ message })
    expect(failed.state).toMatchObject({ failure: { message, code: 'Validation' } })
  })

  it("is the failed step's exception where the execution has none that says anything", () => {
    const pipeline = {
      steps: [
        { status: 'SUCCEEDED' },
        { status: 'FAILED', exceptionDetails: { message: 'Timed out', errorType: 'Timeout' } },
      ],
    }
    for (const exceptionDetails of [null, undefined, {}, { errorType: 'Unsaid' }]) {
      expect(execution({ status: 'FAILED', pipeline, exceptionDetails }).state).toMatchObject({
        failure: { message: 'Timed out', code: 'Timeout' },
      })
    }
  })

  it("is the pipeline's exception where neither the execution nor a step has one", () => {
    const pipeline = { steps: [{ status: 'FAILED' }], exceptions: [{ message: 'No such module' }] }
    expect(execution({ status: 'FAILED', pipeline }).state).toMatchObject({
      failure: { message: 'No such module', code: null },
    })
  })

  it('is said to be unknown where nobody says', () => {
    expect(execution({ status: 'FAILED' }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
    expect(execution({ status: 'FAILED', exceptionDetails: {} }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
  })

  it('keeps advice, help and the options that were not valid', () => {
    const exceptionDetails = {
      message: 'Invalid options',
      errorType: 'Validation',
      description: 'Two of them',
      advice: 'Set them',
      help: 'Ask',
      documentationUrl: 'https://example.com',
      executedVersion: '1.2.3',
      statusCode: 422,
      validationErrors: [
        { option: 'model', message: 'is required', description: 'Which one', uuid: 'u', createdOn: '2026-01-01' },
        {},
        null,
      ],
    }
    expect(execution({ exceptionDetails }).exception).toEqual({
      message: 'Invalid options',
      errorType: 'Validation',
      description: 'Two of them',
      advice: 'Set them',
      help: 'Ask',
      documentationUrl: 'https://example.com',
      executedVersion: '1.2.3',
      statusCode: 422,
      validationErrors: [
        { option: 'model', message: 'is required', description: 'Which one' },
        { option: null, message: null, description: null },
      ],
    })
  })

  it('never brings a stack trace, a cause or the faulty values along', () => {
    const exceptionDetails = {
      message: 'Broken',
      stackTrace: [{ className: 'ai.secret.Frame', lineNumber: 12 }],
      rootCauseStackTrace: ['ai.secret.Frame'],
      cause: { message: 'ai.secret.Frame' },
      optionErrors: { password: 'ai.secret.Frame' },
    }
    const read = execution({
      status: 'FAILED',
      exceptionDetails,
      pipeline: { exceptions: [exceptionDetails], steps: [{ status: 'FAILED', exceptionDetails }] },
    })
    expect(read.pipeline).toMatchObject({
      exceptions: [{ message: 'Broken' }],
      steps: [{ exception: { message: 'Broken' } }],
    })
    expect(JSON.stringify(read)).not.toContain('ai.secret.Frame')
  })
})

describe('what an execution says of itself', () => {
  it("has the step's status under either name", () => {
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

  it('has a message, a detail and a progress', () => {
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

  it.each([null, undefined, 'OCR', []])('is null when the vendor sends %j', (statusDetails) => {
    expect(execution({ statusDetails }).statusDetails).toBeNull()
  })

  it('is the reason of one that was skipped', () => {
    expect(
      execution({
        status: 'SKIPPED',
        statusDetails: { message: 'Processed before' },
      }).state,
    ).toMatchObject({ reason: 'Processed before' })
    expect(execution({ status: 'SKIPPED' }).state).toMatchObject({ reason: null })
  })
})

describe('what a step puts out', () => {
  it.each([
    [{ outputIds: ['a', 'b'] }, ['a', 'b']],
    [{ outputIds: 'a,b' }, ['a', 'b']],
    [{ outputIds: ' a , b ,' }, ['a', 'b']],
    [{ outputIds: 'a' }, ['a']],
    [{ outputIds: [] }, []],
    [{ outputIds: '' }, []],
    [{ outputId: 'a' }, ['a']],
    [{ outputId: 'a', outputIds: ['a', 'b'] }, ['a', 'b']],
    [{ outputId: 'a', outputIds: null }, ['a']],
    [{}, null],
    [{ outputIds: 7 }, null],
  ])('is a list however it is sent: %j', (wire, outputIds) => {
    expect(step(wire).outputIds).toEqual(outputIds)
  })
})

describe('a step', () => {
  it('is read as far as the gateway shows it, without its options and context', () => {
    const wire = {
      id: 'step_1',
      name: 'Extract',
      ref: 'module://acme/extract',
      stepType: 'MODEL',
      status: 'SUCCEEDED',
      statusMessage: 'Fine',
      progress: 2,
      progressMax: 8,
      start: '2026-01-01T00:00:00.123456Z',
      end: '2026-01-01T00:00:01Z',
      processingTime: 877,
      conditional: 'a > 1',
      inputId: 'in',
      outputId: 'out',
      options: { password: 'of-bad-news' },
      context: { token: 'of-bad-news' },
    }
    expect(step(wire)).toEqual({
      id: 'step_1',
      name: 'Extract',
      ref: 'module://acme/extract',
      stepType: 'MODEL',
      status: 'COMPLETED',
      vendorStatus: 'SUCCEEDED',
      statusMessage: 'Fine',
      progress: 0.25,
      startedAt: new Date('2026-01-01T00:00:00.123Z'),
      endedAt: new Date('2026-01-01T00:00:01.000Z'),
      processingTimeMs: 877,
      conditional: 'a > 1',
      inputId: 'in',
      outputIds: ['out'],
      exception: null,
    })
  })

  it('may begin and end at times that are none', () => {
    expect(step({ start: 'a while ago', end: '' })).toMatchObject({ startedAt: null, endedAt: null })
  })
})

describe('how long an execution took', () => {
  const times = { startDate: '2026-01-01T00:00:00Z', endDate: '2026-01-01T00:00:05Z' }

  it("is the vendor's own figure", () => {
    expect(execution({ ...times, processingTime: 1234 }).processingTimeMs).toBe(1234)
    expect(execution({ processingTime: 1234 }).processingTimeMs).toBe(1234)
  })

  it.each([0, -1, null, undefined, '1234'])(
    'is the time between start and end where that figure is %j',
    (processingTime) => {
      expect(execution({ ...times, processingTime }).processingTimeMs).toBe(5000)
    },
  )

  it('is null where nothing tells', () => {
    expect(execution({ processingTime: 0, startDate: times.startDate }).processingTimeMs).toBeNull()
    expect(execution({ endDate: times.endDate }).processingTimeMs).toBeNull()
  })

  it('is never below zero', () => {
    expect(execution({ startDate: times.endDate, endDate: times.startDate }).processingTimeMs).toBe(0)
  })
})

describe('the name of an execution', () => {
  it('is its description, else what it runs, else none', () => {
    expect(execution({ description: 'Read invoice 7', pipeline: { ref: 'acme/read' } }).name).toBe('Read invoice 7')
    expect(execution({ description: '', pipeline: { ref: 'acme/read' } }).name).toBe('acme/read')
    expect(execution().name).toBeNull()
  })
})

describe('an execution of an older or newer instance', () => {
  it('needs nothing but its id', () => {
    expect(normaliser.execution({ id: ID }, ID)).toEqual({
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

  it('keeps what it does not say apart from what it says is not there', () => {
    expect(execution({ assistantId: null, documentFamilyId: '', parentExecutionId: 'exe_0' })).toMatchObject({
      assistantId: null,
      documentFamilyId: null,
      parentExecutionId: 'exe_0',
    })
  })

  it('may carry a session, children and options, which stay with the vendor', () => {
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

  it('may have its targets as a bare list', () => {
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

  it('may have fields of another kind than documented, which cost only themselves', () => {
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
  ])('has its dates with any fraction and offset: %s', (wire, iso) => {
    const time = new Date(iso)
    expect(execution({ createdOn: wire, updatedOn: wire, startDate: wire, endDate: wire })).toMatchObject({
      createdAt: time,
      updatedAt: time,
      startedAt: time,
      endedAt: time,
    })
  })

  it('passes its context on as the open map it is', () => {
    const context = { eventType: 'CONTENT_CREATED', taxonomyRefs: ['a'], deep: { er: 1 } }
    expect(execution({ context }).context).toEqual(context)
  })
})

describe('a status message', () => {
  it('is read by the names the vendor gives it', () => {
    const wire = {
      id: 'msg_1',
      executionId: ID,
      title: 'Reading',
      subtitle: null,
      datetime: '2026-01-01T00:00:00Z',
      type: 'PROCESSING',
    }
    expect(readStatusMessage(wire)).toEqual({
      id: 'msg_1',
      title: 'Reading',
      subtitle: null,
      type: 'PROCESSING',
      createdAt: new Date('2026-01-01'),
    })
  })

  it('may lack everything', () => {
    expect(readStatusMessage({})).toEqual({ id: null, title: null, subtitle: null, type: null, createdAt: null })
    expect(readStatusMessage('Reading')).toBeNull()
  })
})

describe('an answer about something else', () => {
  it.each([{}, { id: null }, { id: '' }, { id: 'other' }])(
    'is never shown as the execution that was asked for: %j',
    (wire) => {
      const read = () => normaliser.execution({ status: 'RUNNING', ...wire }, ID)
      expect(read).toThrow(VendorError)
      expect(read).toThrow(expect.objectContaining({ code: 'VENDOR_BAD_RESPONSE', vendor: 'KODEXA' }))
    },
  )

  it('is not seen in the same id in another case', () => {
    expect(normaliser.execution({ id: ID.toUpperCase() }, ID).vendorId).toBe(ID.toUpperCase())
  })

  it('is left out of a list, with one line in the log for all', () => {
    expect(
      normaliser.executions([{ id: 'a' }, null, {}, 'b', { id: 'c/d' }, { id: 'e' }]).map(({ vendorId }) => vendorId),
    ).toEqual(['a', 'e'])
    expect(warnings).toHaveLength(1)
  })
})

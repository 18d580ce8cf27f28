import { describe, expect, it } from 'vitest'
import { useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const { execution } = useKodexaNormaliser()

describe('the exception of an execution', () => {
  it.each([
    [{ errorMessage: 'precise', message: 'vague', description: 'wordy' }, 'precise'],
    [{ message: 'vague', description: 'wordy' }, 'vague'],
    [{ description: 'wordy' }, 'wordy'],
    [{ errorMessage: '', message: ' ', description: 'wordy' }, 'wordy'],
    [{ errorMessage: null, message: 'vague' }, 'vague'],
  ])('has the most precise message available: %j', (exceptionDetails, message) => {
    const failed = execution({ status: 'FAILED', exceptionDetails: { ...exceptionDetails, errorType: 'Validation' } })
    expect(failed.exception).toMatchObject({ message })
    expect(failed.state).toMatchObject({ failure: { message, code: 'Validation' } })
  })

  it('is that of the failed step when the execution has none with a message', () => {
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

  it('is that of the pipeline when neither the execution nor a step has one', () => {
    const pipeline = { steps: [{ status: 'FAILED' }], exceptions: [{ message: 'No such module' }] }
    expect(execution({ status: 'FAILED', pipeline }).state).toMatchObject({
      failure: { message: 'No such module', code: null },
    })
  })

  it('becomes a default message when there is none', () => {
    expect(execution({ status: 'FAILED' }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
    expect(execution({ status: 'FAILED', exceptionDetails: {} }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
  })

  it('keeps the advice, the help and the validation errors', () => {
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

  it('never contains a stack trace, a cause or the invalid values', () => {
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

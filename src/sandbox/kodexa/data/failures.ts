import type { WireException } from '../../../vendors/kodexa/wire.js'

export const FAILURE_KINDS = ['validation', 'unreadable', 'timeout', 'quota'] as const

export type FailureKind = (typeof FAILURE_KINDS)[number]

const FAILURES = {
  validation: {
    message: 'The options of the step are not valid.',
    errorMessage: 'The step stopped: 2 of its options are not valid.',
    errorType: 'Validation',
    description: 'Options are checked against the definition of the module when they are first read.',
    advice: 'Correct the options in the assistant, then reprocess the document family.',
    help: 'Ask an administrator of the project if the options are locked.',
    documentationUrl: 'https://docs.example.com/modules/options',
    statusCode: 400,
    validationErrors: [
      { option: 'taxonomy', message: 'is required', description: 'Name the taxonomy that the values are matched to.' },
      { option: 'confidence', message: 'must be between 0 and 1', description: 'The value was 85.' },
    ],
  },
  unreadable: {
    message: 'The document could not be read: it is protected by a password.',
    errorType: 'ContentException',
    description: 'The content object is encrypted.',
    advice: 'Upload the document without its password.',
    statusCode: 422,
  },
  timeout: {
    errorMessage: 'The step was stopped after 900 seconds.',
    errorType: 'Timeout',
    advice: 'Raise timeoutSeconds in the execution policy of the step, or split the document.',
    documentationUrl: 'https://docs.example.com/execution-policy',
    statusCode: 504,
  },
  quota: {
    message: 'The model provider refused the call: the quota of the organization is used up.',
    errorMessage: 'No model capacity left.',
    errorType: 'ModelProvider',
    description: 'The call was tried 3 times.',
    statusCode: 429,
  },
} satisfies Record<FailureKind, WireException>

/** Returns the exception that Kodexa reports. Clients must not pass the stack trace on. */
export function wireFailure(kind: FailureKind): WireException {
  return {
    ...FAILURES[kind],
    executedVersion: '7.4.1',
    stackTrace: [
      { className: 'SandboxStackFrame', methodName: 'run_step', fileName: 'step_runner.py', lineNumber: 212 },
      { className: 'SandboxStackFrame', methodName: 'main', fileName: 'worker.py', lineNumber: 58 },
    ],
  }
}

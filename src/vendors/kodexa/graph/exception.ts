import { builder } from '../../../graph/builder.js'
import type { ExecutionException, ExecutionValidationError } from '../normalise/exception.js'

const ExecutionValidationErrorType = builder.objectRef<ExecutionValidationError>('ExecutionValidationError').implement({
  description: 'An option that is not what it must be.',
  fields: (t) => ({
    option: t.exposeString('option', { description: 'Which option.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
    description: t.exposeString('description', { description: 'More about it.' }),
  }),
})

export const ExecutionExceptionType = builder.objectRef<ExecutionException>('ExecutionException').implement({
  description: 'What went wrong at Kodexa, without the stack trace.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened.' }),
    errorType: t.exposeString('errorType', { description: "The vendor's kind of error." }),
    description: t.exposeString('description', { description: 'More about it.' }),
    advice: t.exposeString('advice', { description: 'What to do about it.' }),
    help: t.exposeString('help', { description: 'Where to get help.' }),
    documentationUrl: t.exposeString('documentationUrl', { description: 'Where to read about it.' }),
    executedVersion: t.exposeString('executedVersion', { description: 'The version of the module that failed.' }),
    statusCode: t.exposeInt('statusCode', { description: 'The status that the failed module gave.' }),
    validationErrors: t.expose('validationErrors', {
      type: [ExecutionValidationErrorType],
      description: 'Options that were not valid.',
    }),
  }),
})

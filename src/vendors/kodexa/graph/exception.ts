import { builder } from '../../../graph/builder.js'
import type { ExecutionException, ExecutionValidationError } from '../normalise/exception.js'

const ExecutionValidationErrorType = builder.objectRef<ExecutionValidationError>('ExecutionValidationError').implement({
  description: 'An option that is not valid.',
  fields: (t) => ({
    option: t.exposeString('option', { description: 'The name of the option.' }),
    message: t.exposeString('message', { description: 'What is wrong with the option.' }),
    description: t.exposeString('description', { description: 'Further details.' }),
  }),
})

export const ExecutionExceptionType = builder.objectRef<ExecutionException>('ExecutionException').implement({
  description: 'An error of Kodexa, without its stack trace.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'The error message.' }),
    errorType: t.exposeString('errorType', { description: "The vendor's error type." }),
    description: t.exposeString('description', { description: 'Further details.' }),
    advice: t.exposeString('advice', { description: 'What to do about the error.' }),
    help: t.exposeString('help', { description: 'Where to get help.' }),
    documentationUrl: t.exposeString('documentationUrl', { description: 'The URL of the documentation.' }),
    executedVersion: t.exposeString('executedVersion', { description: 'The version of the module that failed.' }),
    statusCode: t.exposeInt('statusCode', { description: 'The status code that the failed module returned.' }),
    validationErrors: t.expose('validationErrors', {
      type: [ExecutionValidationErrorType],
      description: 'The options that were not valid.',
    }),
  }),
})

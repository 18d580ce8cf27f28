import { readInteger, readArrayOf, readObject, readNonEmptyString } from '../../../upstream/lenient.js'
import type { JobFailure } from '../../../job/state.js'

export type ExecutionException = NonNullable<ReturnType<typeof readException>>
export type ExecutionValidationError = NonNullable<ReturnType<typeof readValidationError>>

/** Reads an exception without its stack trace, cause and options. */
export function readException(wire: unknown) {
  const exception = readObject(wire)
  if (exception === null) return null
  const description = readNonEmptyString(exception.description)
  return {
    message: readNonEmptyString(exception.errorMessage) ?? readNonEmptyString(exception.message) ?? description,
    errorType: readNonEmptyString(exception.errorType),
    description,
    advice: readNonEmptyString(exception.advice),
    help: readNonEmptyString(exception.help),
    documentationUrl: readNonEmptyString(exception.documentationUrl),
    executedVersion: readNonEmptyString(exception.executedVersion),
    statusCode: readInteger(exception.statusCode),
    validationErrors: readArrayOf(exception.validationErrors, readValidationError),
  }
}

/** Null when the exception has no message. */
export function failureOf(exception: ExecutionException | null | undefined): JobFailure | null {
  return exception?.message ? { message: exception.message, code: exception.errorType } : null
}

function readValidationError(wire: unknown) {
  const error = readObject(wire)
  if (error === null) return null
  return {
    option: readNonEmptyString(error.option),
    message: readNonEmptyString(error.message),
    description: readNonEmptyString(error.description),
  }
}

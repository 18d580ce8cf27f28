import { integer, list, map, words } from '../../../http/lenient.js'
import type { JobFailure } from '../../../job/state.js'

export type ExecutionException = NonNullable<ReturnType<typeof readException>>
export type ExecutionValidationError = NonNullable<ReturnType<typeof readValidationError>>

/** What went wrong, without the stack trace, the cause and the options that the vendor sends along. */
export function readException(wire: unknown) {
  const exception = map(wire)
  if (exception === null) return null
  const description = words(exception.description)
  return {
    message: words(exception.errorMessage) ?? words(exception.message) ?? description,
    errorType: words(exception.errorType),
    description,
    advice: words(exception.advice),
    help: words(exception.help),
    documentationUrl: words(exception.documentationUrl),
    executedVersion: words(exception.executedVersion),
    statusCode: integer(exception.statusCode),
    validationErrors: list(exception.validationErrors, readValidationError),
  }
}

/** Null when the exception says nothing that could be shown. */
export function failureOf(exception: ExecutionException | null | undefined): JobFailure | null {
  return exception?.message ? { message: exception.message, code: exception.errorType } : null
}

function readValidationError(wire: unknown) {
  const error = map(wire)
  if (error === null) return null
  return { option: words(error.option), message: words(error.message), description: words(error.description) }
}

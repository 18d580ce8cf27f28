import type { VendorErrorBody } from '../../upstream/vendor-error.js'
import { readEntries, readObject, readNonEmptyString } from '../../upstream/lenient.js'

/**
 * Reads Kodexa's error bodies: the platform's exception (`message`, `incidentId`, `errors` by field), a problem document
 * (`title`, `detail`) or Spring's own (`error`). Stack traces are ignored.
 */
export function parseErrorBody(body: unknown): VendorErrorBody {
  const error = readObject(body)
  if (error === null) return { message: null, incidentId: null }
  const message =
    readNonEmptyString(error.message) ??
    readNonEmptyString(error.detail) ??
    readNonEmptyString(error.title) ??
    readNonEmptyString(error.error)
  return { message: withFieldErrors(message, error.errors), incidentId: readNonEmptyString(error.incidentId) }
}

function withFieldErrors(message: string | null, errors: unknown): string | null {
  const fields = (readEntries(errors) ?? []).flatMap(([field, text]) =>
    readNonEmptyString(text) === null ? [] : [`${field}: ${readNonEmptyString(text)}`],
  )
  return fields.length === 0 ? message : [message, fields.join(', ')].filter((part) => part !== null).join(' – ')
}

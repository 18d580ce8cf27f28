import type { VendorComplaint } from '../../http/answer.js'
import { entries, map, words } from '../../http/lenient.js'

/**
 * Kodexa's error bodies: the platform's exception (`message`, `incidentId`, `errors` by field), a problem document
 * (`title`, `detail`) or Spring's own (`error`). The stack traces that some of them carry are not looked at.
 */
export function complaintOf(body: unknown): VendorComplaint {
  const error = map(body)
  if (error === null) return { message: null, incidentId: null }
  const message = words(error.message) ?? words(error.detail) ?? words(error.title) ?? words(error.error)
  return { message: withFieldErrors(message, error.errors), incidentId: words(error.incidentId) }
}

function withFieldErrors(message: string | null, errors: unknown): string | null {
  const fields = (entries(errors) ?? []).flatMap(([field, text]) =>
    words(text) === null ? [] : [`${field}: ${words(text)}`],
  )
  return fields.length === 0 ? message : [message, fields.join(', ')].filter((part) => part !== null).join(' – ')
}

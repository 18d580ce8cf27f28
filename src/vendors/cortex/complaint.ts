import type { VendorComplaint } from '../../http/answer.js'
import { list, map, words } from '../../http/lenient.js'

/** Cortex's error body by its SDK's types: `{status, message, errors?: [{message, path}]}`. Undocumented, so all of it may be missing. */
export function complaintOf(body: unknown): VendorComplaint {
  const error = map(body)
  const message = words(error?.message)
  const issues = list(error?.errors, (issue) => words(map(issue)?.message)) ?? []
  return { message: message ?? issues[0] ?? null, incidentId: null }
}

import type { VendorErrorBody } from '../../upstream/vendor-error.js'
import { readArrayOf, readObject, readNonEmptyString } from '../../upstream/lenient.js'

/** Reads Cortex's error body, typed in its SDK as `{status, message, errors?: [{message, path}]}`. It is undocumented, so any field may be missing. */
export function parseErrorBody(body: unknown): VendorErrorBody {
  const error = readObject(body)
  const message = readNonEmptyString(error?.message)
  const issues = readArrayOf(error?.errors, (issue) => readNonEmptyString(readObject(issue)?.message)) ?? []
  return { message: message ?? issues[0] ?? null, incidentId: null }
}

import { readArrayOf, readObject, readString, readNonEmptyString, type JsonObject } from '../../../upstream/lenient.js'

export type RecordRuleError = NonNullable<ReturnType<typeof readRuleError>>
export type RecordFieldError = NonNullable<ReturnType<typeof readFieldError>>

/** The validation errors of a status response; empty when the field is absent, as it is for a valid record. */
export function readRecordErrors(wire: JsonObject): RecordRuleError[] {
  return readArrayOf(wire.errors, readRuleError) ?? []
}

function readRuleError(wire: unknown) {
  const error = readObject(wire)
  const key = readNonEmptyString(error?.key)
  if (error === null || key === null) return null
  return { key, message: readString(error.message) ?? '', errors: readArrayOf(error.errors, readFieldError) ?? [] }
}

/** Looks like a Zod issue: paths may contain numbers, and most issues have neither `expected` nor `received`. */
function readFieldError(wire: unknown) {
  const issue = readObject(wire)
  if (issue === null) return null
  return {
    code: readNonEmptyString(issue.code),
    expected: readNonEmptyString(issue.expected),
    received: readNonEmptyString(issue.received),
    path: readArrayOf(issue.path, (part) => (typeof part === 'number' ? String(part) : readString(part))) ?? [],
    message: readString(issue.message) ?? '',
  }
}

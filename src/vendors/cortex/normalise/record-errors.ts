import { list, map, text, words, type JsonMap } from '../../../http/lenient.js'

export type RecordRuleError = NonNullable<ReturnType<typeof readRuleError>>
export type RecordFieldError = NonNullable<ReturnType<typeof readFieldError>>

/** The validation errors of a status answer; an empty list when it has none, as a record that is fine leaves them out. */
export function readRecordErrors(wire: JsonMap): RecordRuleError[] {
  return list(wire.errors, readRuleError) ?? []
}

function readRuleError(wire: unknown) {
  const error = map(wire)
  const key = words(error?.key)
  if (error === null || key === null) return null
  return { key, message: text(error.message) ?? '', errors: list(error.errors, readFieldError) ?? [] }
}

/** Looks like a Zod issue: paths may hold numbers, and most kinds of issue carry neither `expected` nor `received`. */
function readFieldError(wire: unknown) {
  const issue = map(wire)
  if (issue === null) return null
  return {
    code: words(issue.code),
    expected: words(issue.expected),
    received: words(issue.received),
    path: list(issue.path, (part) => (typeof part === 'number' ? String(part) : text(part))) ?? [],
    message: text(issue.message) ?? '',
  }
}

/**
 * Readers of vendors' JSON: the value when it is of the kind asked for, null when it is anything else. Both vendors
 * leave out, rename and retype fields between versions; a job with a hole is worth more than none.
 */

export type JsonObject = Readonly<Record<string, unknown>>

export function readObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

export function readString(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Text that says something: empty strings are what some backends write for null. */
export function readNonEmptyString(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** An id; a number is one too. */
export function readId(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : readNonEmptyString(value)
}

export function readNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const MAX_INT = 2 ** 31 - 1

/** What GraphQL's Int can hold; counts are plain JSON numbers on the wire. */
export function readInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT ? value : null
}

export function readBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

const MAX_DEPTH = 100

/** Any JSON, to be passed on as it is; null when it is nested so deep that writing it would fail. */
export function readJson(value: unknown): unknown {
  return isWithin(MAX_DEPTH, value) ? (value ?? null) : null
}

function isWithin(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((part) => isWithin(depth - 1, part))
}

/** More than any job has of anything, and than any page has rows. */
const MAX_ITEMS = 10_000

/** The first ten thousand items; null when this is no list at all. */
export function readArray(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : null
}

/** Those of {@link readArray} that `read` understands. */
export function readArrayOf<T>(value: unknown, read: (item: unknown) => T | null): T[] | null {
  return (
    readArray(value)
      ?.map(read)
      .filter((item): item is T => item !== null) ?? null
  )
}

/** The first ten thousand fields of a map whose names are data; null when this is no map at all. */
export function readEntries(value: unknown): readonly (readonly [string, unknown])[] | null {
  const fields = readObject(value)
  return fields && Object.entries(fields).slice(0, MAX_ITEMS)
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** A date with or without time, fraction and offset (UTC when it has none), or epoch milliseconds. */
export function readDate(value: unknown): Date | null {
  if (typeof value === 'number') return inDateRange(new Date(value))
  if (typeof value !== 'string') return null
  const match = ISO_DATE.exec(value)
  if (!match) return null
  // JavaScript makes 2 March of 30 February.
  if (new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() !== Number(value.slice(8, 10))) return null
  const hasTime = value.length > 'yyyy-mm-dd'.length
  return inDateRange(new Date(hasTime && !match[1] ? `${value.replace(' ', 'T')}Z` : value.replace(' ', 'T')))
}

/** Years beyond four digits have no RFC 3339 form. */
function inDateRange(time: Date): Date | null {
  const year = time.getUTCFullYear()
  return Number.isNaN(time.getTime()) || year < 0 || year > 9999 ? null : time
}

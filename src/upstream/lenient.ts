/**
 * Lenient readers of vendor JSON: each returns the value if it has the expected type, else null. Both vendors omit,
 * rename and retype fields between versions, and a job with a missing field is better than no job.
 */

export type JsonObject = Readonly<Record<string, unknown>>

export function readObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

export function readString(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Null for blank strings as well: some backends write them instead of null. */
export function readNonEmptyString(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** An id as a string; accepts numbers. */
export function readId(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : readNonEmptyString(value)
}

export function readNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const MAX_INT = 2 ** 31 - 1

/** Null for numbers that GraphQL's Int cannot hold. */
export function readInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT ? value : null
}

export function readBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

const MAX_DEPTH = 100

/** Any JSON value; null when it is nested so deep that serialising it would fail. */
export function readJson(value: unknown): unknown {
  return isWithin(MAX_DEPTH, value) ? (value ?? null) : null
}

function isWithin(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((part) => isWithin(depth - 1, part))
}

/** No field of a job has more items, and no page more rows. */
const MAX_ITEMS = 10_000

/** At most the first 10,000 items. */
export function readArray(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : null
}

/** The items of {@link readArray} for which `read` does not return null. */
export function readArrayOf<T>(value: unknown, read: (item: unknown) => T | null): T[] | null {
  return (
    readArray(value)
      ?.map(read)
      .filter((item): item is T => item !== null) ?? null
  )
}

/** At most the first 10,000 fields of an object that is used as a map. */
export function readEntries(value: unknown): readonly (readonly [string, unknown])[] | null {
  const object = readObject(value)
  return object && Object.entries(object).slice(0, MAX_ITEMS)
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** An ISO date with optional time, fraction and offset (default UTC), or epoch milliseconds. */
export function readDate(value: unknown): Date | null {
  if (typeof value === 'number') return inDateRange(new Date(value))
  if (typeof value !== 'string') return null
  const match = ISO_DATE.exec(value)
  if (!match) return null
  // JavaScript reads 30 February as 2 March.
  if (new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() !== Number(value.slice(8, 10))) return null
  const hasTime = value.length > 'yyyy-mm-dd'.length
  return inDateRange(new Date(hasTime && !match[1] ? `${value.replace(' ', 'T')}Z` : value.replace(' ', 'T')))
}

/** RFC 3339 has no form for years of more than four digits. */
function inDateRange(time: Date): Date | null {
  const year = time.getUTCFullYear()
  return Number.isNaN(time.getTime()) || year < 0 || year > 9999 ? null : time
}

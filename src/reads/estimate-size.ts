/** The least V8 needs for a value: a pointer or a small integer. */
const WORD_BYTES = 8
/** The header of an object or array. */
const HEADER_BYTES = 24

/** Estimates the memory of a plain value in bytes, precisely enough to bound a cache. */
export function estimateSize(value: unknown): number {
  if (typeof value === 'string') return HEADER_BYTES + value.length * 2
  if (typeof value !== 'object' || value === null) return WORD_BYTES
  let bytes = HEADER_BYTES
  for (const key in value) bytes += WORD_BYTES + estimateSize((value as Record<string, unknown>)[key])
  return bytes
}

/** What a value of V8 takes at least: a pointer, or a small number. */
const WORD_BYTES = 8
/** An object's or an array's own part. */
const HEADER_BYTES = 24

/** About how many bytes a plain value takes in memory. Good enough to bound a cache by. */
export function estimateSize(value: unknown): number {
  if (typeof value === 'string') return HEADER_BYTES + value.length * 2
  if (typeof value !== 'object' || value === null) return WORD_BYTES
  let bytes = HEADER_BYTES
  for (const key in value) bytes += WORD_BYTES + estimateSize((value as Record<string, unknown>)[key])
  return bytes
}

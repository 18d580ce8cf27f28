/** Matches a listed value regardless of case; `UNKNOWN` for values that the vendor may add. */
export function readEnum<const Values extends readonly string[]>(
  values: Values,
  value: unknown,
): Values[number] | 'UNKNOWN' {
  const upper = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return values.find((known) => known === upper) ?? 'UNKNOWN'
}

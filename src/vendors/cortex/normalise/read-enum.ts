/** The listed word that this is, in any case; `UNKNOWN` for the words the vendor will add. */
export function readEnum<const Words extends readonly string[]>(
  words: Words,
  value: unknown,
): Words[number] | 'UNKNOWN' {
  const upper = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return words.find((known) => known === upper) ?? 'UNKNOWN'
}

/** Returns the parts that `text` does not contain. */
export function missingParts(text: string, parts: readonly string[]): readonly string[] {
  return parts.filter((part) => !text.includes(part))
}

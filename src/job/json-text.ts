/** The parsed value; undefined for invalid JSON. Never throws, because the message of `JSON.parse` quotes its input. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

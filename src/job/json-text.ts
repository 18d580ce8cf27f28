/** Undefined for what is no JSON. Node's own message would quote from it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

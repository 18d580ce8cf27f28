/** Ten times what a page of heavy runs can be thought to hold. */
const MAX_VALUES = 1_000_000
const MAX_DEPTH = 100_000

/**
 * Whether a text would be JSON with more lists and objects in it, or deeper in each other, than anybody means. To parse
 * 32 MB of brackets holds up everybody for seconds, and takes most of a gigabyte; to count them does not.
 */
export function exceedsJsonLimits(text: string): boolean {
  // What is shorter cannot be.
  if (text.length <= MAX_DEPTH) return false
  let depth = 0
  let parts = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '"':
        at = endOfString(text, at)
        break
      case '[':
      case '{':
        if (++depth > MAX_DEPTH || ++parts > MAX_VALUES) return true
        break
      case ']':
      case '}':
        depth--
        break
    }
  }
  return false
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - slashes - 1] === '\\') slashes++
  return slashes % 2 === 1
}

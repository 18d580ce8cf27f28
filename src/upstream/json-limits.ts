/** Objects and arrays: ten times as many as a page of large runs holds. */
const MAX_CONTAINERS = 1_000_000
const MAX_DEPTH = 100_000

/**
 * Whether a JSON text holds too many arrays and objects, or nests them too deep. Parsing 32 MB of brackets blocks the
 * event loop for seconds and takes most of a gigabyte; counting them does not.
 */
export function exceedsJsonLimits(text: string): boolean {
  // A shorter text cannot reach either limit.
  if (text.length <= MAX_DEPTH) return false
  let depth = 0
  let containers = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charAt(index)) {
      case '"':
        index = endOfString(text, index)
        break
      case '[':
      case '{':
        if (++depth > MAX_DEPTH || ++containers > MAX_CONTAINERS) return true
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

function isEscaped(text: string, index: number): boolean {
  let slashes = 0
  while (text[index - slashes - 1] === '\\') slashes++
  return slashes % 2 === 1
}

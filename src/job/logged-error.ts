/** The parts of an error that are safe to log. */
export interface LoggedError {
  readonly type: string
  /** Such as `ECONNRESET`. */
  readonly code?: string
  /** The stack frames, without the message. */
  readonly stack: string
  readonly cause?: LoggedError
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/
const FRAME = /^ +at .*(:\d+:\d+\)?|\(<anonymous>\)|<anonymous>)$/
const MAX_CAUSES = 3

/**
 * Reduces an unexpected error to its type, code and stack frames. Messages are left out because they quote input
 * (`JSON.parse`, `Headers`, Redis), and so are properties: errors of HTTP clients carry whole requests with their headers.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: '' }
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && CODE.test(code) && { code }),
    stack: framesOf(error),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: loggedError(cause, depth + 1) }),
  }
}

/** Removes the message first, because it may have lines that look like frames. */
function framesOf({ stack = '', message }: Error): string {
  const [, frames = ''] = message === '' || !stack.includes(message) ? ['', stack] : splitAt(stack, message)
  return frames
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n')
}

function splitAt(text: string, part: string): readonly [before: string, after: string] {
  const index = text.indexOf(part)
  return [text.slice(0, index), text.slice(index + part.length)]
}

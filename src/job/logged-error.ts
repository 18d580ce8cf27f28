/** What a log may hold of an error. */
export interface LoggedError {
  readonly type: string
  /** `ECONNRESET` */
  readonly code?: string
  /** Where it was thrown, without the message. */
  readonly stack: string
  readonly cause?: LoggedError
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/
const FRAME = /^ +at .*(:\d+:\d+\)?|\(<anonymous>\)|<anonymous>)$/
const MAX_CAUSES = 3

/**
 * What is logged of an error that nobody foresaw: what kind it is and where it came from, and nothing that could hold
 * what somebody sent. Messages quote it (`JSON.parse`, `Headers`, Redis), and errors of clients carry whole requests with
 * their headers as properties, which pino would write out.
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

/** A message may have lines that look like frames. */
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

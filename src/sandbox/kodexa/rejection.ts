import { randomUUID } from 'node:crypto'
import type { LoopbackResponse } from '../loopback-server.js'
import { isoTime } from '../time.js'

/** A request that Kodexa does not answer with 200. */
export class Rejection extends Error {
  override readonly name = 'Rejection'

  constructor(
    readonly status: number,
    message: string,
    /** The problem of each invalid parameter, by its name. */
    readonly errors?: Readonly<Record<string, string>>,
  ) {
    super(message)
  }
}

/** What a Java server would add. The gateway must not pass it on. */
const STACK_TRACE = [
  'ai.kodexa.platform.SandboxStackFrame: request refused',
  '\tat ai.kodexa.platform.rest.ExecutionResource.handle(ExecutionResource.java:184)',
  '\tat org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)',
].join('\n')

/** Returns Kodexa's platform exception. An error that is no {@link Rejection} becomes a 500. */
export function rejectionResponse(error: unknown, contextPath: string, now: number): LoopbackResponse {
  const { status, message, errors } = error instanceof Rejection ? error : new Rejection(500, 'Internal error')
  return {
    status,
    body: {
      dateTime: isoTime(now),
      message,
      incidentId: randomUUID(),
      contextPath,
      ...(errors !== undefined && { errors }),
      stackTrace: STACK_TRACE,
    },
  }
}

import { randomUUID } from 'node:crypto'
import type { LoopbackReply } from '../loopback-server.js'
import { wireDate } from './time.js'

/** A request that Kodexa would not answer with 200; thrown wherever that is found out. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly status: number,
    message: string,
    /** Parameter to what is wrong with it. */
    readonly errors?: Readonly<Record<string, string>>,
  ) {
    super(message)
  }
}

/** What Java would have printed: here for the gateway to keep to itself. */
const STACK_TRACE = [
  'ai.kodexa.platform.SandboxStackFrame: request refused',
  '\tat ai.kodexa.platform.rest.ExecutionResource.handle(ExecutionResource.java:184)',
  '\tat org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)',
].join('\n')

/** Takes what was thrown, the path and the moment, gives the platform exception; any other error is a 500. */
export function refusalReply(error: unknown, contextPath: string, now: number): LoopbackReply {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal error')
  return {
    status: refusal.status,
    body: {
      dateTime: wireDate(now),
      message: refusal.message,
      incidentId: randomUUID(),
      contextPath,
      ...(refusal.errors !== undefined && { errors: refusal.errors }),
      stackTrace: STACK_TRACE,
    },
  }
}

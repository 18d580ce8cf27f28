import { randomUUID } from 'node:crypto'
import type { GraphQLError } from 'graphql'
import type { YogaServerInstance } from 'graphql-yoga'
import { OverloadedError } from './job/errors.js'
import type { Load } from './limits/load.js'
import type { Audit } from './plugins/audit.js'
import type { ServerContext } from './plugins/caller-key.js'
import type { ProtocolOptions } from './websocket/protocol.js'

export interface OperationRunnerOptions {
  readonly yoga: YogaServerInstance<ServerContext, object>
  readonly load: Load
  readonly audit: Audit
  readonly maskError: (error: unknown) => GraphQLError
}

/** Runs operations that did not come over HTTP, with all that those get there: the load, a request id, and the audit. */
export function createOperationRunner({
  yoga,
  load,
  audit,
  maskError,
}: OperationRunnerOptions): ProtocolOptions['run'] {
  return async (params, request, { request: req, identity }) => {
    const context: ServerContext = { req, identity, requestId: randomUUID() }
    const leave = load.admit()
    if (!leave) {
      const overload = new OverloadedError()
      audit.refused(context, params.query, overload.code)
      throw overload
    }
    try {
      const result = await yoga.getResultForParams({ params, request }, context)
      audit.ended(context, result)
      return result
    } catch (error) {
      const shown = maskError(error)
      audit.ended(context, { errors: [shown] })
      throw shown
    } finally {
      leave()
    }
  }
}

import { randomUUID } from 'node:crypto'
import type { GraphQLError } from 'graphql'
import type { YogaServerInstance } from 'graphql-yoga'
import { OverloadedError } from '../job/errors.js'
import type { LoadShedder } from './limits/load-shedder.js'
import type { OperationAudit } from './plugins/operation-audit.js'
import type { ServerContext } from './server-context.js'
import type { ProtocolOptions } from './websocket/protocol.js'

export interface OperationRunnerOptions {
  readonly yoga: YogaServerInstance<ServerContext, object>
  readonly loadShedder: LoadShedder
  readonly audit: OperationAudit
  readonly maskError: (error: unknown) => GraphQLError
}

/** Runs operations that did not come over HTTP, with all that those get there: the load, a request id, and the audit. */
export function createOperationRunner({
  yoga,
  loadShedder,
  audit,
  maskError,
}: OperationRunnerOptions): ProtocolOptions['run'] {
  return async (params, request, { request: req, identity }) => {
    const context: ServerContext = { req, identity, requestId: randomUUID() }
    const leave = loadShedder.admit()
    if (!leave) {
      const overload = new OverloadedError()
      audit.recordRejection(context, params.query, overload.code)
      throw overload
    }
    try {
      const result = await yoga.getResultForParams({ params, request }, context)
      audit.recordResult(context, result)
      return result
    } catch (error) {
      const shown = maskError(error)
      audit.recordResult(context, { errors: [shown] })
      throw shown
    } finally {
      leave()
    }
  }
}

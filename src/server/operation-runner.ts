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

/** Runs operations that arrive over WebSocket with what HTTP operations get: load shedding, a request id and the audit. */
export function createOperationRunner({
  yoga,
  loadShedder,
  audit,
  maskError,
}: OperationRunnerOptions): ProtocolOptions['run'] {
  return async (params, request, { request: req, identity }) => {
    const context: ServerContext = { req, identity, requestId: randomUUID() }
    const release = loadShedder.admit()
    if (!release) {
      const overload = new OverloadedError()
      audit.recordRejection(context, params.query, overload.code)
      throw overload
    }
    try {
      const result = await yoga.getResultForParams({ params, request }, context)
      audit.recordResult(context, result)
      return result
    } catch (error) {
      const masked = maskError(error)
      audit.recordResult(context, { errors: [masked] })
      throw masked
    } finally {
      release()
    }
  }
}

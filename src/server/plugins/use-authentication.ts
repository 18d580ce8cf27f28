import type { ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Authenticate } from '../../auth/authenticate.js'
import { UnauthenticatedError } from '../../job/errors.js'
import type { ServerContext } from '../server-context.js'
import { endStreamOnExpiry } from './end-stream-on-expiry.js'
import { errorResponse } from './error-response.js'

/**
 * Finds out who sends an operation over HTTP, before it is read; who is nobody gets 401. `/health`, `/ready`, webhooks
 * and the page of GraphiQL are answered before that. A stream ends when its caller is known no longer.
 * @param onRefusal told of each request of nobody
 */
export function useAuthentication(
  authenticate: Authenticate,
  maskError: (error: unknown) => GraphQLError,
  onRefusal: (context: ServerContext) => void = () => {},
): Plugin<object, ServerContext> {
  return {
    async onRequestParse({ request, serverContext, endResponse, fetchAPI }) {
      const refuse = (status: number, error: unknown, headers: Record<string, string> = {}) =>
        endResponse(errorResponse(fetchAPI, status, maskError(error), headers))
      try {
        const identity = await authenticate(request.headers)
        if (identity) serverContext.identity = identity
        else {
          onRefusal(serverContext)
          refuse(401, new UnauthenticatedError(), { 'www-authenticate': 'Bearer' })
        }
      } catch (error) {
        refuse(500, error)
      }
    },
    onResultProcess({ result, setResult, serverContext: { identity } }) {
      if (identity === undefined || !isAsyncIterable(result)) return
      const lastWord = { errors: [maskError(new UnauthenticatedError())] }
      setResult(endStreamOnExpiry<ExecutionResult>(identity, result, lastWord))
    },
  }
}

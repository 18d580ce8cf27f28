import type { ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Authenticate } from '../../auth/authenticate.js'
import { UnauthenticatedError } from '../../job/errors.js'
import type { ServerContext } from '../server-context.js'
import { endStreamOnExpiry } from './end-stream-on-expiry.js'
import { errorResponse } from './error-response.js'

/**
 * Authenticates the caller of an HTTP operation before its body is read; without a valid credential the response is 401.
 * `/health`, `/ready`, webhooks and the GraphiQL page are answered earlier. A stream ends when the identity expires.
 * @param onUnauthenticated called for each request without a valid credential
 */
export function useAuthentication(
  authenticate: Authenticate,
  maskError: (error: unknown) => GraphQLError,
  onUnauthenticated: (context: ServerContext) => void = () => {},
): Plugin<object, ServerContext> {
  return {
    async onRequestParse({ request, serverContext, endResponse, fetchAPI }) {
      const reject = (status: number, error: unknown, headers: Record<string, string> = {}) =>
        endResponse(errorResponse(fetchAPI, status, maskError(error), headers))
      try {
        const identity = await authenticate(request.headers)
        if (identity) serverContext.identity = identity
        else {
          onUnauthenticated(serverContext)
          reject(401, new UnauthenticatedError(), { 'www-authenticate': 'Bearer' })
        }
      } catch (error) {
        reject(500, error)
      }
    },
    onResultProcess({ result, setResult, serverContext: { identity } }) {
      if (identity === undefined || !isAsyncIterable(result)) return
      const finalValue = { errors: [maskError(new UnauthenticatedError())] }
      setResult(endStreamOnExpiry<ExecutionResult>(identity, result, finalValue))
    },
  }
}

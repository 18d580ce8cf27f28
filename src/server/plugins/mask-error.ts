import { GraphQLError } from 'graphql'
import { DocketError, InternalError } from '../../job/errors.js'
import type { Log } from '../../job/log.js'
import { loggedError } from '../../job/logged-error.js'

/**
 * Turns what a resolver threw into what a caller may see: our own errors with their code, GraphQL's own as they are,
 * and nothing at all of anything else, whatever NODE_ENV says. The place in the query and in the answer is kept.
 */
export function createErrorMask(log: Log): (error: unknown) => GraphQLError {
  return (error) => {
    const located = error instanceof GraphQLError ? error : null
    if (located && !located.originalError) return withoutCause(located)
    const thrown = located?.originalError ?? error
    if (thrown instanceof GraphQLError) return located ?? thrown
    return toGraphQLError(thrown instanceof DocketError ? thrown : logUnexpected(thrown, log), located)
  }
}

function toGraphQLError(error: DocketError, located: GraphQLError | null): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: located?.nodes ?? null,
    path: located?.path ?? null,
    extensions: error.extensions(),
  })
}

/**
 * Where a body is no JSON, Yoga adds the parser's own words, which quote from it. To Yoga they are also the sign that
 * this is 400 to all clients.
 */
function withoutCause(error: GraphQLError): GraphQLError {
  if (!('originalError' in error.extensions)) return error
  const { originalError: _, http, ...extensions } = error.extensions
  return new GraphQLError(error.message, { extensions: { ...extensions, http: { ...(http as object), spec: false } } })
}

function logUnexpected(error: unknown, log: Log): DocketError {
  // Whoever left hears nothing of it, and nobody needs to be woken.
  if (!(error instanceof Error && error.name === 'AbortError'))
    log.error({ err: loggedError(error) }, 'the gateway failed in a way nobody foresaw')
  return new InternalError()
}

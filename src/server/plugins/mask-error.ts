import { GraphQLError } from 'graphql'
import { DocketError, InternalError } from '../../job/errors.js'
import type { Log } from '../../job/log.js'
import { loggedError } from '../../job/logged-error.js'

/**
 * Turns a thrown value into the error that the caller sees: a DocketError with its code, a GraphQLError unchanged, and
 * anything else as INTERNAL with no details, whatever NODE_ENV is. Locations and path are kept.
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
 * Removes the JSON parser's error that Yoga attaches when the body is not JSON, because it quotes from the body. Yoga
 * also uses it to answer 400 to every client, which `spec: false` does instead.
 */
function withoutCause(error: GraphQLError): GraphQLError {
  if (!('originalError' in error.extensions)) return error
  const { originalError: _, http, ...extensions } = error.extensions
  return new GraphQLError(error.message, { extensions: { ...extensions, http: { ...(http as object), spec: false } } })
}

function logUnexpected(error: unknown, log: Log): DocketError {
  // An abort only means that the client has disconnected.
  if (!(error instanceof Error && error.name === 'AbortError'))
    log.error({ err: loggedError(error) }, 'Unexpected error')
  return new InternalError()
}

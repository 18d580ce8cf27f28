import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { OverloadedError } from '../../job/errors.js'
import type { ServerContext } from '../server-context.js'

/**
 * Answers 503 when a request that arrived slowly finds no free slot; admission control rejects most others earlier.
 * Releases the slot when the response is ready: a streamed response has started by then, and may last for hours.
 */
export function useLoadShedding(): Plugin<ServerContext, ServerContext> {
  return {
    onRequestParse({ serverContext: { slot } }) {
      return {
        onRequestParseDone() {
          if (slot?.acquire() === false) throw overloaded()
        },
      }
    },
    onResponse({ serverContext }) {
      serverContext.slot?.release()
    },
  }
}

function overloaded(): GraphQLError {
  const error = new OverloadedError()
  const http = { status: 503, headers: { 'retry-after': String(error.retryAfterSeconds) } }
  return new GraphQLError(error.message, { extensions: { ...error.extensions(), http } })
}

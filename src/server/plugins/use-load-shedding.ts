import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { OverloadedError } from '../../job/errors.js'
import type { ServerContext } from '../server-context.js'

/**
 * Refuses with 503 an operation that has come slowly and finds no place any more; most are refused long before, at the
 * entrance. And says when an answer is made: its stream has begun by then, if it is one, and may go on for hours.
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

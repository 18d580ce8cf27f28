import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from './caller-key.js'

/** Says when an answer is made: its stream has begun by then, if it is one, and may go on for hours. */
export function useLoad(): Plugin<ServerContext, ServerContext> {
  return {
    onResponse({ serverContext }) {
      serverContext.answered?.()
    },
  }
}

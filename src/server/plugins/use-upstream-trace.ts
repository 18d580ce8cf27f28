import type { Plugin } from 'graphql-yoga'
import { isAllowed } from '../../auth/identity.js'
import type { GraphContext } from '../../graph/builder.js'

const HEADER = 'x-upstream-trace'

/**
 * Tells admins who send `x-upstream-trace: 1` what their operation cost, by vendor: `extensions.upstream`. No URL
 * and no header of the vendors is in it.
 */
export function useUpstreamTrace(): Plugin<GraphContext> {
  return {
    onExecute({ args: { contextValue } }) {
      if (contextValue.request.headers.get(HEADER) !== '1' || !isAllowed(contextValue.identity, 'admin')) return
      return {
        onExecuteDone({ result, setResult }) {
          // More than one answer: a stream of them.
          if (Symbol.asyncIterator in result) return
          setResult({ ...result, extensions: { ...result.extensions, upstream: contextValue.meter.usage() } })
        },
      }
    },
  }
}

import type { Plugin } from 'graphql-yoga'
import { isAllowed } from '../../auth/identity.js'
import type { GraphContext } from '../../graph/builder.js'

const HEADER = 'x-upstream-trace'

/**
 * Adds the vendor requests of an operation, by vendor, as `extensions.upstream` for admins who send
 * `x-upstream-trace: 1`. It contains no vendor URLs or headers.
 */
export function useUpstreamTrace(): Plugin<GraphContext> {
  return {
    onExecute({ args: { contextValue } }) {
      if (contextValue.request.headers.get(HEADER) !== '1' || !isAllowed(contextValue.identity, 'admin')) return
      return {
        onExecuteDone({ result, setResult }) {
          // Streams carry no trace.
          if (Symbol.asyncIterator in result) return
          setResult({ ...result, extensions: { ...result.extensions, upstream: contextValue.meter.usage() } })
        },
      }
    },
  }
}

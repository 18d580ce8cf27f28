import { execute, subscribe } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Executes with graphql-js instead of Yoga's executor, which writes fields in the order in which they resolve; the
 * specification requires the order of the selection. When a client disconnects, the request's signal still aborts vendor
 * reads, and with them the fields that wait for them.
 */
export function useReferenceExecutor(): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute)
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe)
    },
  }
}

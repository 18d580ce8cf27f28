import { execute, subscribe } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Executes with graphql-js instead of Yoga's own executor, which writes fields in the order in which they were
 * answered: the specification has them in the order in which they were asked for. Nothing is lost by it when a
 * caller goes away: the vendors' reads are aborted by the request's signal, and the fields waiting for them with it.
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

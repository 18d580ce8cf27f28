import { randomUUID } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../server-context.js'

export const REQUEST_ID_HEADER = 'x-request-id'

/** What load balancers and clients write: UUIDs, ULIDs, numbers, trace ids. Nothing that could break a line or a header. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Names each request over HTTP, as its caller does or at random, for log lines; and answers with that name. */
export function useRequestId(): Plugin<object, ServerContext> {
  return {
    onRequest({ request, serverContext }) {
      serverContext.requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER))
    },
    onResponse({ request, response, serverContext: { requestId } }) {
      // `/health` is answered before any plugin is asked.
      response.headers.set(REQUEST_ID_HEADER, requestId ?? requestIdOf(request.headers.get(REQUEST_ID_HEADER)))
    },
  }
}

/** The name that a caller gave, where it is one; or a new one. */
export function requestIdOf(named: unknown): string {
  return typeof named === 'string' && REQUEST_ID.test(named) ? named : randomUUID()
}

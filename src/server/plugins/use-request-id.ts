import { randomUUID } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../server-context.js'

export const REQUEST_ID_HEADER = 'x-request-id'

/** Accepts UUIDs, ULIDs, numbers and trace ids, but nothing that could break a log line or a header. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Gives each HTTP request an id, the caller's or a random one, for the log and the response's `x-request-id`. */
export function useRequestId(): Plugin<object, ServerContext> {
  return {
    onRequest({ request, serverContext }) {
      serverContext.requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER))
    },
    onResponse({ request, response, serverContext: { requestId } }) {
      // Yoga answers `/health` before `onRequest` runs.
      response.headers.set(REQUEST_ID_HEADER, requestId ?? requestIdOf(request.headers.get(REQUEST_ID_HEADER)))
    },
  }
}

/** The id that the caller sent, if it is valid; otherwise a new one. */
export function requestIdOf(header: unknown): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID()
}

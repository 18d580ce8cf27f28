import type { Plugin } from 'graphql-yoga'
import { errorResponse } from './error-response.js'

/**
 * Takes operations by POST only as `application/json`.
 *
 * A page of another site can make a browser post forms and plain text to any address it reaches, this one on
 * loopback included, without the browser asking first; and such a post could cancel jobs. JSON it may only send
 * after a preflight request, which is not answered here.
 */
export function useJsonContentType(): Plugin {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return
      const message = 'Send the operation as application/json.'
      endResponse(errorResponse(fetchAPI, 415, { message, extensions: { code: 'BAD_INPUT' } }))
    },
  }
}

function isJson(contentType: string | null): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/json' || type === 'application/graphql+json'
}

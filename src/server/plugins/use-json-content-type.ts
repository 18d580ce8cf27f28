import type { Plugin } from 'graphql-yoga'
import { errorResponse } from './error-response.js'

/**
 * Accepts operations by POST only as `application/json`, and answers 415 otherwise.
 *
 * A page of any site can make a browser post forms and plain text to any address the browser reaches, loopback included,
 * without a preflight; such a post could cancel jobs. JSON needs a preflight, which only listed origins pass.
 */
export function useJsonContentType(): Plugin {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return
      const message = 'The Content-Type is not application/json. Send the operation as JSON.'
      endResponse(errorResponse(fetchAPI, 415, { message, extensions: { code: 'BAD_INPUT' } }))
    },
  }
}

function isJson(contentType: string | null): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/json' || type === 'application/graphql+json'
}

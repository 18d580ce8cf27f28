import type { Plugin } from 'graphql-yoga'

/**
 * Takes operations by POST only as `application/json`.
 *
 * A page of another site can make a browser post forms and plain text to any address it reaches, this one on
 * loopback included, without the browser asking first; and such a post could cancel jobs. JSON it may only send
 * after a preflight request, which is not answered here.
 */
export function useJsonOnly(): Plugin {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return
      const body = JSON.stringify({
        errors: [{ message: 'Send the operation as application/json.', extensions: { code: 'BAD_INPUT' } }],
      })
      endResponse(
        new fetchAPI.Response(body, { status: 415, headers: { 'content-type': 'application/json; charset=utf-8' } }),
      )
    },
  }
}

function isJson(contentType: string | null): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/json' || type === 'application/graphql+json'
}

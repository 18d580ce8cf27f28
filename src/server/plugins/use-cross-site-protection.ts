import type { Plugin } from 'graphql-yoga'
import type { Origins } from '../origins.js'
import { errorResponse } from './error-response.js'

/**
 * Rejects requests from pages of unlisted sites, and lets pages of listed sites read responses (CORS).
 *
 * A cross-site JSON request needs a preflight, which unlisted sites do not pass. Requests without a preflight get 403
 * before anything is read: a GET changes nothing and the page could not read its response, but it would cost vendor
 * requests. Clients other than browsers send none of these headers. Navigation from other sites is allowed.
 * @param credentials whether pages of listed sites may send cookies, which some access proxies need
 */
export function useCrossSiteProtection(origins: Origins, credentials = false): Plugin {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      const { headers, method } = request
      if (isCrossSite(request, origins)) {
        const message =
          'Pages of this origin may not send requests to this gateway. Add the origin to its CORS origins to allow them.'
        endResponse(errorResponse(fetchAPI, 403, { message, extensions: { code: 'FORBIDDEN' } }))
      } else if (method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')) {
        endResponse(new fetchAPI.Response(null, { status: 204 }))
      }
    },
    onResponse({ request, response }) {
      // Without listed origins, responses do not depend on the origin.
      if (origins.allowed.length === 0) return
      response.headers.append('vary', 'Origin')
      const origin = request.headers.get('origin')
      if (origin === null || !origins.isAllowed(origin)) return
      response.headers.set('access-control-allow-origin', origin)
      response.headers.set('access-control-expose-headers', 'retry-after, x-request-id')
      if (credentials) response.headers.set('access-control-allow-credentials', 'true')
      if (request.method !== 'OPTIONS') return
      response.headers.set('access-control-allow-methods', 'GET, POST')
      response.headers.set('access-control-max-age', '600')
      const requestedHeaders = request.headers.get('access-control-request-headers')
      if (requestedHeaders !== null) response.headers.set('access-control-allow-headers', requestedHeaders)
      response.headers.append('vary', 'Access-Control-Request-Headers')
    },
  }
}

/** Decides by headers that browsers set and pages cannot change. */
function isCrossSite({ headers, url }: Request, origins: Origins): boolean {
  const site = headers.get('sec-fetch-site')
  // Holds even when a proxy sends another Host.
  if (site === 'same-origin') return false
  const origin = headers.get('origin')
  if (origin !== null) return !origins.mayConnect(origin, headers.get('host') ?? new URL(url).host)
  return (site === 'cross-site' || site === 'same-site') && headers.get('sec-fetch-mode') !== 'navigate'
}

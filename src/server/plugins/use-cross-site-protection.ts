import type { Plugin } from 'graphql-yoga'
import type { Origins } from '../origins.js'
import { errorResponse } from './error-response.js'

/**
 * Turns away pages of sites that are not listed, and lets those of the listed ones read answers (CORS).
 *
 * A browser asks before it sends another site's JSON, and is not answered. What it sends without asking is answered
 * with 403 before anything is read: a GET can change nothing here, and its answer could not be read by that page, but
 * it would cost requests to vendors. Whoever is no browser sends none of these headers. Links are followed.
 * @param credentials whether pages of listed sites may send their visitors' cookies along, as some access proxies need
 */
export function useCrossSiteProtection(origins: Origins, credentials = false): Plugin {
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      const { headers, method } = request
      if (isCrossSite(request, origins)) {
        const message = 'Pages of this site are not admitted here.'
        endResponse(errorResponse(fetchAPI, 403, { message, extensions: { code: 'FORBIDDEN' } }))
      } else if (method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')) {
        endResponse(new fetchAPI.Response(null, { status: 204 }))
      }
    },
    onResponse({ request, response }) {
      // Without a list, nothing that a cache keeps is another for another site.
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
      const wanted = request.headers.get('access-control-request-headers')
      if (wanted !== null) response.headers.set('access-control-allow-headers', wanted)
      response.headers.append('vary', 'Access-Control-Request-Headers')
    },
  }
}

/** By what browsers say of themselves and pages cannot change; the first is sent wherever a page could read the answer. */
function isCrossSite({ headers, url }: Request, origins: Origins): boolean {
  const site = headers.get('sec-fetch-site')
  // It knows its own page even where a proxy asks under another Host.
  if (site === 'same-origin') return false
  const origin = headers.get('origin')
  if (origin !== null) return !origins.mayConnect(origin, headers.get('host') ?? new URL(url).host)
  return (site === 'cross-site' || site === 'same-site') && headers.get('sec-fetch-mode') !== 'navigate'
}

import type { Plugin } from 'graphql-yoga'

/**
 * Serves operations at `/graphql` only. Yoga accepts every URL that ends with it, such as `/webhooks/x/y/graphql` or
 * `/health?x=/graphql`, so a proxy that forwards only some paths would expose all of the gateway.
 */
export function useEndpointPath(): Plugin {
  return {
    onRequest({ url, endResponse, fetchAPI }) {
      if (url.pathname !== '/graphql') endResponse(new fetchAPI.Response(null, { status: 404 }))
    },
  }
}

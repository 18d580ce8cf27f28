import type { Plugin } from 'graphql-yoga'

/**
 * Serves operations at `/graphql` and nowhere else. To Yoga, whatever ends like that is the same address, be it
 * `/webhooks/x/y/graphql` or `/health?x=/graphql`; then a proxy that lets only some paths through would let all through.
 */
export function useEndpointPath(): Plugin {
  return {
    onRequest({ url, endResponse, fetchAPI }) {
      if (url.pathname !== '/graphql') endResponse(new fetchAPI.Response(null, { status: 404 }))
    },
  }
}

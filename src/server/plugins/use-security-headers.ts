import type { Plugin } from 'graphql-yoga'

/**
 * Headers that hold browsers to what an answer is said to be, and keep pages from being framed or run anything foreign.
 * @param contentPolicy the Content-Security-Policy of pages
 */
export function useSecurityHeaders(contentPolicy: () => Promise<string> | string = () => "default-src 'none'"): Plugin {
  return {
    async onResponse({ response: { headers } }) {
      headers.set('x-content-type-options', 'nosniff')
      if (!headers.get('content-type')?.startsWith('text/html')) return
      headers.set('content-security-policy', await contentPolicy())
      headers.set('referrer-policy', 'no-referrer')
      headers.set('x-frame-options', 'DENY')
    },
  }
}

import type { Plugin } from 'graphql-yoga'

/**
 * Sets headers that stop browsers from sniffing content types, framing pages and running foreign scripts.
 * @param contentPolicy returns the Content-Security-Policy of HTML pages
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

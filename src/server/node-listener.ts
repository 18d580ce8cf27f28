import type { IncomingMessage, ServerResponse } from 'node:http'

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown

/**
 * Checks a request's target and `Host`, and answers 400 if they do not form a URL.
 *
 * Yoga joins both into one URL as they are. If that is invalid, it answers with its stack trace. With `Host: x/graphql?`
 * a request for any path that a proxy lets through would become one for `/graphql`.
 */
export function createNodeListener(listener: NodeListener): NodeListener {
  return (request, response) => {
    // The absolute form, as clients send it to proxies. Servers must accept it (RFC 9112, 3.2.2).
    const target = (request.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '')
    if (!isValidTarget(request.headers.host ?? '', target)) return reject(response)
    request.url = target
    return listener(request, response)
  }
}

/** A name or an address with an optional port; empty is allowed. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])?(:\d{0,5})?$/i

function isValidTarget(host: string, target: string): boolean {
  return target.startsWith('/') && HOST.test(host) && URL.canParse(`http://${host || 'localhost'}${target}`)
}

function reject(response: ServerResponse): void {
  const errors = [{ message: 'The request target or the Host header is not valid.', extensions: { code: 'BAD_INPUT' } }]
  response
    .writeHead(400, { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
    .end(JSON.stringify({ errors }))
}

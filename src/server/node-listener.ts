import type { IncomingMessage, ServerResponse } from 'node:http'

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown

/**
 * Hands on what has an address, and answers the rest with 400.
 *
 * Yoga makes one URL of `Host` and the target, just as they came. Where that is none, it answers with the trace of its
 * stack; and with `Host: x/graphql?`, a request for any path that a proxy lets through would be one for `/graphql`.
 */
export function createNodeListener(listener: NodeListener): NodeListener {
  return (request, response) => {
    // As proxies are asked, which a server has to understand as well.
    const target = (request.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '')
    if (!isValidTarget(request.headers.host ?? '', target)) return reject(response)
    request.url = target
    return listener(request, response)
  }
}

/** A name or an address, and a port; or nothing, which is allowed. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])?(:\d{0,5})?$/i

function isValidTarget(host: string, target: string): boolean {
  return target.startsWith('/') && HOST.test(host) && URL.canParse(`http://${host || 'localhost'}${target}`)
}

function reject(response: ServerResponse): void {
  const errors = [{ message: 'This is no address, or its Host is none.', extensions: { code: 'BAD_INPUT' } }]
  response
    .writeHead(400, { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
    .end(JSON.stringify({ errors }))
}

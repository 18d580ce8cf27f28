import type { IncomingMessage } from 'node:http'
import { handleProtocols } from 'graphql-ws'
import type { Origins } from '../origins.js'

export interface HandshakeRejection {
  readonly status: 400 | 403 | 404
  readonly message: string
}

/**
 * Why a handshake is not taken, or null.
 *
 * A page of any site can make a browser open a WebSocket to any address it reaches, this one on loopback included,
 * without the browser asking first; and over it, it could cancel jobs. Browsers say in `Origin` whose page it is, so
 * that has to be the host it talks to, or a site that is listed. Whoever sends none is no browser.
 */
export function findRejection({ url, headers }: IncomingMessage, origins: Origins): HandshakeRejection | null {
  if (url?.split('?', 1)[0] !== '/graphql') return { status: 404, message: 'WebSockets are at /graphql.' }
  if (headers.origin !== undefined && !origins.mayConnect(headers.origin, headers.host))
    return { status: 403, message: 'The Origin of this page is not the Host that it asks for a WebSocket.' }
  if (!handleProtocols(headers['sec-websocket-protocol'] ?? ''))
    return { status: 400, message: 'Ask for the WebSocket subprotocol graphql-transport-ws.' }
  return null
}

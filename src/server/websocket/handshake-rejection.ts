import type { IncomingMessage } from 'node:http'
import { handleProtocols } from 'graphql-ws'
import type { Origins } from '../origins.js'

export interface HandshakeRejection {
  readonly status: 400 | 403 | 404
  readonly message: string
}

/**
 * Returns why a handshake is rejected, or null.
 *
 * A page of any site can make a browser open a WebSocket to any address the browser reaches, loopback included, without
 * a preflight, and could cancel jobs over it. Browsers send the page's `Origin`, which has to match the `Host` or be a
 * listed origin. Other clients send none.
 */
export function findRejection({ url, headers }: IncomingMessage, origins: Origins): HandshakeRejection | null {
  if (url?.split('?', 1)[0] !== '/graphql')
    return { status: 404, message: 'There is no WebSocket at this path. Connect to /graphql.' }
  if (headers.origin !== undefined && !origins.mayConnect(headers.origin, headers.host))
    return {
      status: 403,
      message: 'Pages of this origin may not connect. Add it to the CORS origins of the gateway to allow them.',
    }
  if (!handleProtocols(headers['sec-websocket-protocol'] ?? ''))
    return { status: 400, message: 'The WebSocket subprotocol is missing or unknown. Request graphql-transport-ws.' }
  return null
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { REQUEST_TIMEOUTS } from '../request-timeouts.js'

export interface HttpFallback {
  /** For Node's `upgrade` event. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes idle connections now, and the others once their requests in flight are answered. */
  close(): void
  /** Closes all remaining connections at once. */
  destroy(): void
}

/**
 * Answers requests that offer an upgrade to a protocol other than WebSocket as plain HTTP, ignoring the offer. Java's
 * HttpClient and `curl --http2` offer h2c with each request. Once a server has an `upgrade` listener, Node passes all of
 * those to it with their bodies unread.
 */
export function createHttpFallback(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  timeouts = REQUEST_TIMEOUTS,
): HttpFallback {
  // Without an `upgrade` listener, Node ignores the offer.
  const server = createServer(timeouts, listener)
  // It opens no port, but Node tracks connections and request timeouts only after this event.
  server.emit('listening')
  return {
    handle(request, socket, head) {
      socket.unshift(Buffer.concat([requestHead(request), head]))
      server.emit('connection', socket)
    },
    close() {
      // 0 would disable the timeout.
      server.keepAliveTimeout = 1
      server.close()
    },
    destroy() {
      server.closeAllConnections()
    },
  }
}

/** Restores the request line and headers that Node has already parsed. */
function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

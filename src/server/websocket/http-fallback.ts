import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { REQUEST_TIMEOUTS } from '../request-timeouts.js'

export interface HttpFallback {
  /** For Node's `upgrade` event. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes the connections that nobody uses, and the others as soon as what is under way on them is answered. */
  close(): void
  /** Breaks off whatever is still there. */
  destroy(): void
}

/**
 * Answers requests that offer to go on in another protocol than WebSocket, which a server may ignore. Java's
 * HttpClient and `curl --http2` offer h2c with every request; and where anybody listens for upgrades, Node hands all
 * of those over with their bodies unread, instead of answering them.
 */
export function createHttpFallback(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  timeouts = REQUEST_TIMEOUTS,
): HttpFallback {
  // Nobody listens for its upgrades, so to Node nothing is offered here.
  const server = createServer(timeouts, listener)
  // It never does listen. But Node watches over slow requests, and over its connections at all, only from then on.
  server.emit('listening')
  return {
    handle(request, socket, head) {
      socket.unshift(Buffer.concat([startOf(request), head]))
      server.emit('connection', socket)
    },
    close() {
      // To Node 0 would be no end at all.
      server.keepAliveTimeout = 1
      server.close()
    },
    destroy() {
      server.closeAllConnections()
    },
  }
}

/** What has been read of it, as it came. */
function startOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** How long nothing may come or go. Node watches over slow requests only where it listens itself. */
const IDLE_MS = 60_000

export interface PlainHttp {
  /** For Node's `upgrade` event. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Breaks off whatever is still there. */
  destroy(): void
}

/**
 * Answers requests that offer to go on in another protocol than WebSocket, which a server may ignore. Java's
 * HttpClient and `curl --http2` offer h2c with every request; and where anybody listens for upgrades, Node hands all
 * of those over with their bodies unread, instead of answering them.
 */
export function createPlainHttp(listener: (request: IncomingMessage, response: ServerResponse) => unknown): PlainHttp {
  // Nobody listens for its upgrades, so to Node nothing is offered here.
  const server = createServer(listener)
  server.timeout = IDLE_MS
  const sockets = new Set<Duplex>()
  return {
    take(request, socket, head) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      socket.unshift(Buffer.concat([startOf(request), head]))
      server.emit('connection', socket)
    },
    destroy() {
      for (const socket of sockets) socket.destroy()
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

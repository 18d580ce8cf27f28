import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import type { Log } from '../../job/log.js'
import type { Origins } from '../origins.js'
import { openConnection, type Connection } from './connection.js'
import { createHttpFallback } from './http-fallback.js'
import { createProtocol, type ProtocolOptions } from './protocol.js'
import { findRejection } from './handshake-rejection.js'

export interface WebSocketEndpointOptions extends ProtocolOptions {
  readonly log: Log
  /** Handles upgrade requests for other protocols. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Pages that may connect. */
  readonly origins: Origins
  /** Whether new connections are accepted. */
  readonly isReady: () => boolean
  readonly maxMessageBytes: number
  /** Interval between two pings, in ms; default 12,000. */
  readonly pingMs?: number
}

export interface WebSocketEndpoint {
  /** For Node's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Closes all connections with a code on which clients reconnect; resolves when they are closed.
   * @param gracePeriodMs how long queries and mutations in flight may take, in ms; default 8000
   */
  closeConnections(gracePeriodMs?: number): Promise<void>
}

/** GraphQL over WebSocket with the graphql-transport-ws protocol. */
export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { log, listener, origins, isReady, maxMessageBytes, pingMs = 12_000 } = options
  const protocol = createProtocol(options)
  const httpFallback = createHttpFallback(listener)
  const connections = new Set<Connection>()
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // Compression lets a client send large messages at almost no cost.
    perMessageDeflate: false,
    handleProtocols,
    verifyClient({ req }, respond) {
      const rejection =
        findRejection(req, origins) ??
        (isReady() ? null : { status: 503, message: 'The gateway is shutting down. Connect again.' })
      if (rejection) respond(false, rejection.status, rejection.message, { 'Content-Type': 'text/plain' })
      else respond(true)
    },
  })
  return {
    upgrade(request, socket, head) {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') return httpFallback.handle(request, socket, head)
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = openConnection(webSocket, request, { protocol, log, pingMs })
        connections.add(connection)
        webSocket.once('close', () => connections.delete(connection))
      })
    },
    async closeConnections(gracePeriodMs = 8000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.closeWhenIdle(gracePeriodMs)
      httpFallback.close()
      setTimeout(httpFallback.destroy, gracePeriodMs).unref()
      await closed
    },
  }
}

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
  /** Answers what is no WebSocket. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Whose pages may connect. */
  readonly origins: Origins
  /** Whether new connections are taken. */
  readonly isReady: () => boolean
  readonly maxMessageBytes: number
  /** The pause between two pings, in ms. */
  readonly pingMs?: number
}

export interface WebSocketEndpoint {
  /** For Node's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Sends all clients elsewhere, and ends when they are gone.
   * @param patienceMs how long what is under way may take, in ms
   */
  closeConnections(patienceMs?: number): Promise<void>
}

/** GraphQL over WebSocket, by the protocol graphql-transport-ws. */
export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { log, listener, origins, isReady, maxMessageBytes, pingMs = 12_000 } = options
  const protocol = createProtocol(options)
  const plainHttp = createHttpFallback(listener)
  const connections = new Set<Connection>()
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // It costs a client next to nothing to send what unpacks to a lot.
    perMessageDeflate: false,
    handleProtocols,
    verifyClient({ req }, answer) {
      const refusal =
        findRejection(req, origins) ?? (isReady() ? null : { status: 503, message: 'The gateway is stopping.' })
      if (refusal) answer(false, refusal.status, refusal.message, { 'Content-Type': 'text/plain' })
      else answer(true)
    },
  })
  return {
    upgrade(request, socket, head) {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') return plainHttp.handle(request, socket, head)
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = openConnection(webSocket, request, { protocol, log, pingMs })
        connections.add(connection)
        webSocket.once('close', () => connections.delete(connection))
      })
    },
    async closeConnections(patienceMs = 8000) {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.closeWhenIdle(patienceMs)
      plainHttp.close()
      setTimeout(plainHttp.destroy, patienceMs).unref()
      await gone
    },
  }
}

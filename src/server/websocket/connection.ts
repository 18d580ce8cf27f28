import type { IncomingMessage } from 'node:http'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { onExpired } from '../../auth/expiry.js'
import type { Identity } from '../../auth/identity.js'
import type { Log } from '../../job/log.js'
import { loggedError } from '../../job/logged-error.js'
import { createOperations } from './operations.js'
import type { Client } from './protocol.js'

/** Each may be a subscription, which costs a vendor read every few seconds. */
const MAX_OPERATIONS = 100
/** With more bytes to send, the connection reads nothing more from the client. */
const MAX_UNSENT_BYTES = 1_000_000
/** How long queries and mutations in flight may take after the client's credential expires. */
const EXPIRY_GRACE_MS = 8000
/** How long a client may take to answer the close frame. */
const CLOSE_HANDSHAKE_MS = 2000

export interface Connection {
  /**
   * Closes it with 1001, on which clients reconnect, as soon as its queries and mutations are answered.
   * @param gracePeriodMs how long they may take
   */
  closeWhenIdle(gracePeriodMs: number): void
}

export interface ConnectionOptions {
  readonly protocol: Server<Client>
  readonly log: Log
  /** Interval between pings. A client that has not answered one before the next is due is disconnected. */
  readonly pingMs: number
}

/** Serves one client until either side closes the connection. */
export function openConnection(
  socket: WebSocket,
  request: IncomingMessage,
  { protocol, log, pingMs }: ConnectionOptions,
): Connection {
  let pendingClose: readonly [code: number, reason: string] | null = null
  let identity: Identity | undefined
  let vendorCredentials: Client['vendorCredentials'] = {}
  let stopExpiryTimer = () => {}
  const operations = createOperations(MAX_OPERATIONS, onOperationsChange)
  const stopPings = ping(socket, pingMs)

  function onOperationsChange(): void {
    operations.prune()
    if (pendingClose && !operations.hasPendingResult()) close(...pendingClose)
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS).unref()
  }

  function closeWhenIdle(gracePeriodMs: number, code: number, reason: string): void {
    pendingClose ??= [code, reason]
    setTimeout(() => close(code, reason), gracePeriodMs).unref()
    onOperationsChange()
  }

  function onAuthenticated(newIdentity: Identity, newCredentials: Client['vendorCredentials']): void {
    identity = newIdentity
    vendorCredentials = newCredentials
    if (socket.readyState !== socket.OPEN) return
    // Clients reconnect on this code, with a new credential.
    stopExpiryTimer = onExpired(newIdentity, () =>
      closeWhenIdle(EXPIRY_GRACE_MS, CloseCode.Forbidden, 'The credential is no longer valid'),
    )
  }

  function fail(error: unknown): void {
    // Errors during a close do not matter.
    if (socket.readyState !== socket.OPEN) return
    log.warn({ err: loggedError(error) }, 'Invalid WebSocket message; closing the connection')
    close(CloseCode.BadRequest, 'Bad request')
  }

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close,
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => {
          // The client sends it again after it has reconnected.
          if (pendingClose || socket.readyState !== socket.OPEN) return
          void handle(data.toString()).catch(fail).then(onOperationsChange)
          // graphql-ws has handled a `complete` message by now.
          onOperationsChange()
        }),
    },
    {
      request,
      operations,
      get identity() {
        return identity
      },
      get vendorCredentials() {
        return vendorCredentials
      },
      onAuthenticated,
    },
  )
  // ws closes the connection with the right code. Without a listener the event would end the process.
  socket.on('error', () => setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS).unref())
  socket.once('close', (code, reason) => {
    stopPings()
    stopExpiryTimer()
    closed(code, reason.toString()).catch(fail)
    onOperationsChange()
  })

  return {
    closeWhenIdle: (gracePeriodMs) => closeWhenIdle(gracePeriodMs, 1001, 'Going away'),
  }
}

/**
 * Resolves when the message has been written to the socket. graphql-ws waits for that before it pulls the next event of
 * a subscription, so each has at most one message in memory, however slowly a client reads.
 */
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(data, (error) => {
      if (socket.bufferedAmount <= MAX_UNSENT_BYTES) socket.resume()
      if (error) reject(error)
      else resolve()
    })
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.pause()
  })
}

function ping(socket: WebSocket, pingMs: number): () => void {
  let isAlive = true
  socket.on('pong', () => (isAlive = true))
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, pingMs)
  return () => clearInterval(pings)
}

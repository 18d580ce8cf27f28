import type { IncomingMessage } from 'node:http'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { onExpired } from '../../auth/expiry.js'
import type { Identity } from '../../auth/identity.js'
import type { Log } from '../../job/log.js'
import { loggedError } from '../../job/logged-error.js'
import { createOperations } from './operations.js'
import type { Client } from './protocol.js'

/** Each may be a subscription, which costs its vendor a read every few seconds. */
const MAX_OPERATIONS = 100
/** As much may wait to be sent; then nothing more is taken from a client who does not read. */
const MAX_UNSENT_BYTES = 1_000_000
/** How long what is under way may take when a client's credential ends. */
const EXPIRY_GRACE_MS = 8000
/** How long a client may take to agree that the connection is closed. */
const CLOSE_HANDSHAKE_MS = 2000

export interface Connection {
  /**
   * Closes it as soon as its queries and mutations are answered, with a code on which clients come back elsewhere.
   * @param patienceMs how long they may take
   */
  closeWhenIdle(patienceMs: number): void
}

export interface ConnectionOptions {
  readonly protocol: Server<Client>
  readonly log: Log
  /** A client who has not answered one ping when the next is due is gone. */
  readonly pingMs: number
}

/** Serves one client, until one side leaves. */
export function openConnection(
  socket: WebSocket,
  request: IncomingMessage,
  { protocol, log, pingMs }: ConnectionOptions,
): Connection {
  let farewell: readonly [code: number, reason: string] | null = null
  let identity: Identity | undefined
  let vendorKeys: Client['vendorCredentials'] = {}
  let forgetTerm = () => {}
  const operations = createOperations(MAX_OPERATIONS, settle)
  const stopPings = ping(socket, pingMs)

  function settle(): void {
    operations.prune()
    if (farewell && !operations.hasPendingResult()) close(...farewell)
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS).unref()
  }

  function leave(patienceMs: number, code: number, reason: string): void {
    farewell ??= [code, reason]
    setTimeout(() => close(code, reason), patienceMs).unref()
    settle()
  }

  function admit(known: Identity, keys: Client['vendorCredentials']): void {
    identity = known
    vendorKeys = keys
    if (socket.readyState !== socket.OPEN) return
    // On this code clients come back, and bring what is valid by then.
    forgetTerm = onExpired(known, () =>
      leave(EXPIRY_GRACE_MS, CloseCode.Forbidden, 'The credential is no longer valid'),
    )
  }

  function fail(error: unknown): void {
    // Whatever fails while a client leaves concerns nobody.
    if (socket.readyState !== socket.OPEN) return
    log.warn({ err: loggedError(error) }, 'a WebSocket is closed for what its client sent')
    close(CloseCode.BadRequest, 'Bad request')
  }

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close,
      onMessage: (take) =>
        socket.on('message', (data: Buffer) => {
          // What is not begun now, the client sends again where it comes back.
          if (farewell || socket.readyState !== socket.OPEN) return
          void take(data.toString()).catch(fail).then(settle)
          // What the client has completed is gone by now.
          settle()
        }),
    },
    {
      request,
      operations,
      get identity() {
        return identity
      },
      get vendorCredentials() {
        return vendorKeys
      },
      onAuthenticated: admit,
    },
  )
  // ws closes the connection itself, with the fitting code; unheard, the event would end the process.
  socket.on('error', () => setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS).unref())
  socket.once('close', (code, reason) => {
    stopPings()
    forgetTerm()
    closed(code, reason.toString()).catch(fail)
    settle()
  })

  return {
    closeWhenIdle: (patienceMs) => leave(patienceMs, 1001, 'Going away'),
  }
}

/**
 * Resolves when the message has left this process. graphql-ws waits for it before it asks a subscription for its next
 * event, so one message of each is in memory at most, however slowly a client reads.
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
  let isThere = true
  socket.on('pong', () => (isThere = true))
  const pings = setInterval(() => {
    if (!isThere) return socket.terminate()
    isThere = false
    socket.ping()
  }, pingMs)
  return () => clearInterval(pings)
}

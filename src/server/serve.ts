import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../job/log.js'
import { REQUEST_TIMEOUTS } from './request-timeouts.js'

/** How long `/ready` answers 503 before the port is closed, for load balancers to notice. */
const READINESS_GRACE_MS = 1000
/** Part of the drain time, reserved for the close handshake of WebSockets. */
const CLOSE_HANDSHAKE_MS = 2000
/** Longer than the idle timeout of common load balancers: if the server closes first, a request sent meanwhile is lost. */
const KEEP_ALIVE_MS = 65_000
/** Far more than one process can serve, and fewer than exhaust its memory and file descriptors. */
const MAX_CONNECTIONS = 10_000
/** Connections waiting to be accepted. A client that finds no room retries after a second, which looks like a slow response. */
const BACKLOG = 4096

/** What `serve` needs of a gateway. */
export interface Servable {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  drain(): void
  closeConnections(gracePeriodMs?: number): Promise<void>
  close(): Promise<void>
}

export interface ServerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** How long requests in flight may take after `stop`, in ms. */
  readonly drainMs: number
  readonly log: Log
}

export interface Server {
  readonly port: number
  /**
   * Stops gracefully: serves for another second with `/ready` answering 503 and `Connection: close`, then stops
   * listening, finishes requests in flight for up to `drainMs`, and closes the gateway.
   */
  stop(): Promise<void>
}

/**
 * Listens for a gateway.
 * @throws the system's error when the address cannot be listened on
 */
export async function serve(gateway: Servable, { host, port, drainMs, log }: ServerOptions): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...REQUEST_TIMEOUTS }, gateway.listener)
  server.maxConnections = MAX_CONNECTIONS
  server.on('upgrade', gateway.upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })

  async function stop(): Promise<void> {
    gateway.drain()
    await delay(READINESS_GRACE_MS)
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    // Connections that carried a stream become idle only when it has ended.
    void gateway
      .closeConnections(Math.max(0, drainMs - CLOSE_HANDSHAKE_MS))
      .then(() => setImmediate(() => server.closeIdleConnections()))
    const timeout = setTimeout(() => {
      log.warn({ drainMs }, 'drain timeout: closing remaining connections')
      server.closeAllConnections()
    }, drainMs)
    await closed
    clearTimeout(timeout)
    await gateway.close()
  }

  return { port: (server.address() as AddressInfo).port, stop }
}

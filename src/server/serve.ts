import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Gateway } from '../gateway.js'
import type { Log } from '../job/log.js'
import { REQUEST_TIMEOUTS } from './request-timeouts.js'

/** How long `/ready` says 503 before nothing listens any more, for load balancers to see it. */
const READINESS_GRACE_MS = 1000
/** How long a client over WebSocket may take to agree that it is over; part of the time that is left. */
const CLOSE_HANDSHAKE_MS = 2000
/** Longer than load balancers keep a connection that nobody uses: who closes first while the other sends loses a request. */
const KEEP_ALIVE_MS = 65_000
/** Far above what one process can serve, and below what would use up its memory and files. */
const MAX_CONNECTIONS = 10_000

/** Connections that wait to be taken. What finds no place tries again after a second, which looks like a slow answer. */
const BACKLOG = 4096

export interface ServerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** How long those in flight may take when it stops, in ms. */
  readonly drainMs: number
  readonly log: Log
}

export interface Server {
  readonly port: number
  /**
   * Lets new work go elsewhere, finishes what is in flight, and closes the gateway. For a second it goes on answering,
   * with `/ready` saying 503 and every answer that its connection closes; then nothing listens.
   */
  stop(): Promise<void>
}

/** Listens for a gateway; fails where it cannot. */
export async function serve(gateway: Gateway, { host, port, drainMs, log }: ServerOptions): Promise<Server> {
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
    // Those that carried a stream are idle only then.
    void gateway
      .closeConnections(Math.max(0, drainMs - CLOSE_HANDSHAKE_MS))
      .then(() => setImmediate(() => server.closeIdleConnections()))
    const end = setTimeout(() => {
      log.warn({ drainMs }, 'time is over: what has not been answered is cut off')
      server.closeAllConnections()
    }, drainMs)
    await closed
    clearTimeout(end)
    await gateway.close()
  }

  return { port: (server.address() as AddressInfo).port, stop }
}

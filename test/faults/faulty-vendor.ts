import dns from 'node:dns'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Fault } from './fault.js'
import type { HealthyHandler } from './healthy.js'

/** A vendor that can fall ill and be healed. */
export interface FaultyVendor {
  readonly url: URL
  /** `PUT /api/executions/1/cancel`, oldest first. */
  readonly requests: readonly string[]
  /** What was sent to a host that is none of the vendor's. */
  readonly strayRequests: readonly string[]
  /** Connections that are open. */
  openSockets(): number
  heal(): Promise<void>
  /** Closes it, and what is still connected to it. */
  close(): Promise<void>
}

export interface FaultyVendorOptions {
  readonly healthy: HealthyHandler
  readonly fault: Fault
  /** Which requests the fault is for: `GET /api/executions?page=1`. Default: all. */
  readonly hits?: RegExp
}

/** An HTTP server on real sockets that is well but for one fault. */
export async function startFaultyVendor({ healthy, fault, hits = /^/ }: FaultyVendorOptions): Promise<FaultyVendor> {
  let isFaulty = true
  const requests: string[] = []
  const strayRequests: string[] = []
  const sockets = new Set<Socket>()
  const elsewhere = createHttpServer((request, response) => {
    strayRequests.push(lineOf(request))
    response.end('{"id":"stolen"}')
  })
  const http = createHttpServer((request, response) => {
    request.resume()
    response.on('error', () => {})
    requests.push(lineOf(request))
    const answer = healthy(request)
    const isHit = isFaulty && fault.attack && hits.test(lineOf(request))
    if (isHit) fault.attack({ request, response, healthy: answer, elsewhere: urlOf(elsewhere) })
    else response.writeHead(200, answer.headers).end(JSON.stringify(answer.body))
  })
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (isFaulty && fault.connection) fault.connection(socket)
    else http.emit('connection', socket)
  })
  await Promise.all([listen(server), listen(elsewhere)])
  const { port } = server.address() as AddressInfo
  const name = fault.reach?.includes('name') ? nameFor(port) : null
  let placeholder = fault.reach === 'nobody listens' ? await vacate(server, elsewhere) : null
  if (name) unresolved.set(name, fault.reach!)
  return {
    url: new URL(`${fault.reach === 'TLS' ? 'https' : 'http'}://${name ?? '127.0.0.1'}:${port}`),
    requests,
    strayRequests,
    openSockets: () => sockets.size,
    async heal() {
      isFaulty = false
      if (name) unresolved.delete(name)
      if (placeholder === null) return
      await destroy(placeholder)
      placeholder = null
      await listen(server, port)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      if (name) unresolved.delete(name)
      placeholder?.destroy()
      http.closeAllConnections()
      elsewhere.closeAllConnections()
      await Promise.all([server.listening && stop(server), stop(elsewhere)])
    },
  }
}

function lineOf({ method, url }: IncomingMessage): string {
  return `${method} ${url}`
}

type Listening = Pick<ReturnType<typeof createServer>, 'listen' | 'address' | 'close' | 'once' | 'on'>

async function listen(server: Listening, port = 0): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server as ReturnType<typeof createServer>, 'listening')
}

function stop(server: Listening): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()))
}

/** Stops listening, and keeps the port from others: it is the near end of a connection. */
async function vacate(server: Listening, to: Listening): Promise<Socket> {
  const [near, far] = [server, to].map((each) => each.address() as AddressInfo)
  await stop(server)
  const socket = connect({ host: '127.0.0.1', port: far!.port, localPort: near!.port })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function destroy(socket: Socket): Promise<void> {
  socket.resetAndDestroy()
  if (!socket.closed) await once(socket, 'close')
}

function urlOf(server: Listening): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const DOMAIN = '.vendor.test'

function nameFor(port: number): string {
  return `at-${port}${DOMAIN}`
}

/** Names that cannot be resolved for the moment, and in which way. */
const unresolved = new Map<string, NonNullable<Fault['reach']>>()

type Lookup = (
  host: string,
  options: dns.LookupOptions,
  done: (error: Error | null, ...found: unknown[]) => void,
) => void

/** No test may ask the machine's own name server, whose manners nobody knows. */
const realLookup = dns.lookup as Lookup
const lookup: Lookup = (host, options, done) => {
  if (!host.endsWith(DOMAIN)) return realLookup(host, options, done)
  const fault = unresolved.get(host)
  if (fault === undefined) return realLookup('127.0.0.1', options, done)
  if (fault === 'names are not answered') return
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host })
  setImmediate(() => done(error))
}
dns.lookup = lookup as typeof dns.lookup

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Results of an open loop: requests are sent on schedule, whether or not earlier ones have finished. */
export interface Outcome {
  readonly sent: number
  /** Responses with 200 and a full body that arrived while requests were being sent. */
  readonly answered: number
  readonly rejected: number
  /** Other responses, timeouts and broken connections. */
  readonly failed: number
  /** Latencies of the rejections in ms, sorted. */
  readonly rejectionMs: readonly number[]
}

export interface LoadGenerator {
  /** Sends `perSecond` requests evenly for `forMs` and waits for their responses. */
  run(perSecond: number, forMs: number): Promise<Outcome>
  /** Closed loop: keeps `clients` requests in flight for `forMs`; returns the responses per second. */
  saturate(clients: number, forMs: number): Promise<number>
  close(): void
}

export interface LoadGeneratorOptions {
  readonly port: number
  /** Returns the bytes of request number `at`. */
  readonly request: (at: number) => Buffer
  /** A response with 200 and fewer bytes counts as failed. */
  readonly minBytes: number
  /** Timeout of a request in ms. */
  readonly timeoutMs: number
  /** Size of the connection pool. A request fails unsent when no connection is idle. */
  readonly connections: number
}

type Done = (status: number, bytes: number) => void

/** The response being read. `total` is its length in bytes, or 0 when it is chunked. */
interface Connection {
  readonly socket: Socket
  done: Done | null
  sentAt: number
  status: number
  bytes: number
  total: number
}

/** Status without a response. */
const NONE = 0
/** The end of a chunked response. */
const LAST_CHUNK = '0\r\n\r\n'

/**
 * Creates clients that use little CPU, because they share the machine with the gateway: raw sockets that only find the
 * end of each response. All connections are open before the run, like those of a load balancer: Node accepts one new
 * connection per turn of its event loop, which would otherwise dominate the figures.
 */
export async function createLoadGenerator(options: LoadGeneratorOptions): Promise<LoadGenerator> {
  const { port, request, minBytes, timeoutMs } = options
  const all = new Set<Connection>()
  const idle: Connection[] = []
  const shared = Buffer.allocUnsafe(1 << 16)
  let next = 0
  let isClosed = false

  /** Opens a connection and reopens it whenever it closes. */
  function open(): Connection {
    const callback = (count: number) => {
      read(connection, count)
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback } })
    const connection: Connection = { socket, done: null, sentAt: 0, status: NONE, bytes: 0, total: 0 }
    all.add(connection)
    socket.on('error', () => {})
    socket.once('connect', () => idle.push(connection))
    socket.once('close', () => {
      all.delete(connection)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
      finish(connection, NONE)
      if (!isClosed) open()
    })
    return connection
  }

  function read(connection: Connection, count: number): void {
    if (connection.status === NONE) {
      const head = shared.toString('latin1', 0, Math.min(count, 1000))
      connection.status = Number(head.slice(9, 12))
      const length = /content-length: (\d+)/i.exec(head)
      connection.total = length ? head.indexOf('\r\n\r\n') + 4 + Number(length[1]) : 0
    }
    connection.bytes += count
    const isWhole =
      connection.total > 0
        ? connection.bytes >= connection.total
        : shared.toString('latin1', count - LAST_CHUNK.length, count) === LAST_CHUNK
    if (!isWhole) return
    idle.push(connection)
    finish(connection, connection.status)
  }

  function finish(connection: Connection, status: number): void {
    const { done, bytes } = connection
    connection.done = null
    done?.(status, bytes)
  }

  function send(done: Done): void {
    const connection = idle.pop()
    if (!connection) return done(NONE, 0)
    Object.assign(connection, { done, sentAt: performance.now(), status: NONE, bytes: 0 })
    connection.socket.write(request(next++))
  }

  function closeTimedOut(): void {
    const latest = performance.now() - timeoutMs
    for (const { done, sentAt, socket } of all) if (done && sentAt < latest) socket.destroy()
  }

  const isSuccess = (status: number, bytes: number) => status === 200 && bytes >= minBytes
  const timeoutTimer = setInterval(closeTimedOut, 100)

  while (all.size < options.connections) {
    await once(open().socket, 'connect')
  }

  async function untilIdle(): Promise<void> {
    while (idle.length < all.size) await delay(10)
  }

  return {
    async run(perSecond, forMs) {
      const rejectionMs: number[] = []
      let [sent, answered, rejected, failed] = [0, 0, 0, 0]
      const start = performance.now()
      const end = start + forMs
      while (performance.now() < end) {
        const due = ((performance.now() - start) * perSecond) / 1000
        for (; sent < due; sent++) {
          const sentAt = performance.now()
          send((status, bytes) => {
            const now = performance.now()
            if (status === 503) {
              rejected++
              rejectionMs.push(now - sentAt)
            } else if (!isSuccess(status, bytes)) failed++
            else if (now < end) answered++
          })
        }
        await delay(1)
      }
      await untilIdle()
      return { sent, answered, rejected, failed, rejectionMs: rejectionMs.sort((a, b) => a - b) }
    },
    async saturate(clients, forMs) {
      const end = performance.now() + forMs
      let answered = 0
      const again: Done = (status, bytes) => {
        if (isSuccess(status, bytes)) answered++
        if (performance.now() < end) send(again)
      }
      for (let client = 0; client < clients; client++) send(again)
      await delay(forMs)
      await untilIdle()
      return (answered * 1000) / forMs
    },
    close() {
      isClosed = true
      clearInterval(timeoutTimer)
      for (const { socket } of all) socket.destroy()
    },
  }
}

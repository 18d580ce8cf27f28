import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What came of requests that were sent when they were due, whatever had come of those before. */
export interface Outcome {
  readonly sent: number
  /** With 200 and what was asked for, while requests were being sent. */
  readonly answered: number
  readonly refused: number
  /** Answered otherwise, too late, or not at all. */
  readonly failed: number
  /** How long refusals took, in ms. */
  readonly refusalMs: readonly number[]
}

export interface OpenLoop {
  /** Sends so many a second, evenly, for so long, and waits for what comes of them. */
  run(perSecond: number, forMs: number): Promise<Outcome>
  /** Keeps so many waiting for their answers, for so long; gives how many a second were answered. */
  saturate(clients: number, forMs: number): Promise<number>
  close(): void
}

export interface OpenLoopOptions {
  readonly port: number
  /** The bytes of the request with this number. */
  readonly request: (at: number) => Buffer
  /** An answer with 200 and fewer bytes is not what was asked for. */
  readonly leastBytes: number
  /** How long a client waits, in ms. */
  readonly timeoutMs: number
  /** How many connections there are. Without one that is free, a request fails unsent. */
  readonly connections: number
}

type Done = (status: number, bytes: number) => void

/** What is being read: when it was sent, its status, the bytes that came, and those there will be; 0 when only its end tells. */
interface Connection {
  readonly socket: Socket
  done: Done | null
  sentAt: number
  status: number
  bytes: number
  total: number
}

/** No answer. */
const NONE = 0
/** The end of an answer without a length. */
const LAST_CHUNK = '0\r\n\r\n'

/**
 * Clients that cost next to nothing, for they share the machine with what they measure: bare sockets, that read no more
 * of an answer than where it ends. All of them are open before, as those of a load balancer are; Node takes one new
 * connection in each round of its event loop, so with many new ones it is that which would be measured.
 */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoop> {
  const { port, request, leastBytes, timeoutMs } = options
  const all = new Set<Connection>()
  const idle: Connection[] = []
  const shared = Buffer.allocUnsafe(1 << 16)
  let next = 0

  function open(): Connection {
    const callback = (count: number) => {
      read(connection, count)
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback } })
    const connection: Connection = { socket, done: null, sentAt: 0, status: NONE, bytes: 0, total: 0 }
    all.add(connection)
    socket.on('error', () => {})
    socket.once('close', () => {
      all.delete(connection)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
      finish(connection, NONE)
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

  function giveUp(): void {
    const latest = performance.now() - timeoutMs
    for (const { done, sentAt, socket } of all) if (done && sentAt < latest) socket.destroy()
  }

  const isAnswer = (status: number, bytes: number) => status === 200 && bytes >= leastBytes
  const patience = setInterval(giveUp, 100)

  while (all.size < options.connections) {
    const connection = open()
    await once(connection.socket, 'connect')
    idle.push(connection)
  }

  async function quiet(): Promise<void> {
    while (idle.length < all.size) await delay(10)
  }

  return {
    async run(perSecond, forMs) {
      const refusalMs: number[] = []
      let [sent, answered, refused, failed] = [0, 0, 0, 0]
      const start = performance.now()
      const end = start + forMs
      while (performance.now() < end) {
        const due = ((performance.now() - start) * perSecond) / 1000
        for (; sent < due; sent++) {
          const sentAt = performance.now()
          send((status, bytes) => {
            const now = performance.now()
            if (status === 503) {
              refused++
              refusalMs.push(now - sentAt)
            } else if (!isAnswer(status, bytes)) failed++
            else if (now < end) answered++
          })
        }
        await delay(1)
      }
      await quiet()
      return { sent, answered, refused, failed, refusalMs: refusalMs.sort((a, b) => a - b) }
    },
    async saturate(clients, forMs) {
      const end = performance.now() + forMs
      let answered = 0
      const again: Done = (status, bytes) => {
        if (isAnswer(status, bytes)) answered++
        if (performance.now() < end) send(again)
      }
      for (let client = 0; client < clients; client++) send(again)
      await delay(forMs)
      await quiet()
      return (answered * 1000) / forMs
    },
    close() {
      clearInterval(patience)
      for (const { socket } of all) socket.destroy()
    },
  }
}

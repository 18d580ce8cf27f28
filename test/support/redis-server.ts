import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A redis-server of one's own on a free port of 127.0.0.1, with nothing in it. */
export interface PrivateRedis {
  readonly url: string
  readonly port: number
  /** It dies without a word, and forgets everything. */
  kill(): Promise<void>
  /** It comes back on the same port, empty. */
  restart(): Promise<void>
  /** It keeps its connections and its memory, but answers nobody. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

const BINARY = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => existsSync(path))
const START_MS = 10_000

/** Whether there is a `redis-server` on the PATH. */
export function isRedisInstalled(): boolean {
  return BINARY !== undefined
}

export async function startRedis(): Promise<PrivateRedis> {
  if (!BINARY) throw new Error('redis-server is not installed: install the package "redis-server".')
  const binary = BINARY
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'docket-redis-'))
  let server = await launch()

  async function launch() {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
    const child = spawn(binary, options, { stdio: 'ignore' })
    const reap = () => void child.kill('SIGKILL')
    process.on('exit', reap)
    const gone = once(child, 'exit').then(() => void process.off('exit', reap))
    for (const end = Date.now() + START_MS; !(await answersPing(port)); await delay(10)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error('redis-server did not start.')
    }
    return { child, gone }
  }

  async function kill(): Promise<void> {
    server.child.kill('SIGKILL')
    await server.gone
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async restart() {
      await kill()
      server = await launch()
    },
    freeze: () => void server.child.kill('SIGSTOP'),
    thaw: () => void server.child.kill('SIGCONT'),
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const end = (answers: boolean) => {
      socket.destroy()
      resolve(answers)
    }
    socket.setTimeout(1000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')))
  })
}

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface GatewayProcess {
  readonly port: number
  /** How long it has waited for the processor since it started, because others had it, in ms; 0 where nobody counts that. */
  waitedMs(): number
  kill(): void
}

/** The gateway as `npm start` starts it, with no more environment than this. */
export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const match = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)
      if (match) resolve(Number(match[1]))
    })
    child.once('exit', () => reject(new Error(`The gateway ended and said: ${said}`)))
  })
  // Linux: nanoseconds on the processor and nanoseconds of waiting for it, of the thread that runs JavaScript.
  const schedule = `/proc/${child.pid}/task/${child.pid}/schedstat`
  return {
    port,
    waitedMs: () => (existsSync(schedule) ? Number(readFileSync(schedule, 'utf8').split(' ')[1]) / 1e6 : 0),
    kill: () => void child.kill('SIGKILL'),
  }
}

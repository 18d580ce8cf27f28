import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface GatewayProcess {
  readonly port: number
  /** Time that the process has waited for the CPU since its start, in ms; 0 where the system does not count it. */
  waitedMs(): number
  kill(): void
}

/** Starts the gateway as `npm start` does, with only these environment variables. */
export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const match = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)
      if (match) resolve(Number(match[1]))
    })
    child.once('exit', () => reject(new Error(`The gateway exited with this output: ${output}`)))
  })
  // Linux: nanoseconds on the CPU and nanoseconds waiting for it, for the thread that runs JavaScript.
  const schedule = `/proc/${child.pid}/task/${child.pid}/schedstat`
  return {
    port,
    waitedMs: () => (existsSync(schedule) ? Number(readFileSync(schedule, 'utf8').split(' ')[1]) / 1e6 : 0),
    kill: () => void child.kill('SIGKILL'),
  }
}

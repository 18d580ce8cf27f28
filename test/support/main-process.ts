import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface MainProcess {
  readonly child: ChildProcess
  /** All it has said so far. */
  readonly output: () => string
  readonly exited: Promise<number | null>
  /** Waits until it says so; fails when it ends without. */
  said(text: RegExp): Promise<RegExpExecArray>
  /** Where it listens, when it does. */
  origin(): Promise<string>
}

/** The gateway as a process of its own for the running test, in this folder, with no more environment than this. */
export function startMain(folder: string, env: Record<string, string>): MainProcess {
  let output = ''
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      listeners.forEach((listen) => listen())
    })
  }
  const said = (text: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = text.exec(output)
        if (match) resolve(match)
      }
      listeners.add(look)
      child.once('exit', () => reject(new Error(`It ended and said: ${output}`)))
      look()
    })
  return {
    child,
    output: () => output,
    exited: once(child, 'exit').then(([code]) => code as number | null),
    said,
    origin: async () => (await said(/listening on (http:\/\/127\.0\.0\.1:\d+)\/graphql/))[1]!,
  }
}

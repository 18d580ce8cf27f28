import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface MainProcess {
  /** All that it has written, to its standard output and error. */
  readonly output: () => string
  readonly exited: Promise<number | null>
  /** Resolves when it has written this. */
  said(text: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
}

/** The gateway as a process of its own, in this folder, with no more environment than this. */
export function startMain(folder: string, env: Readonly<Record<string, string>>): MainProcess {
  let output = ''
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  })
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      listeners.forEach((listen) => listen())
    })
  }
  return {
    output: () => output,
    exited: once(child, 'exit').then(([code]) => code as number | null),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = text.exec(output)
          if (match) resolve(match)
        }
        listeners.add(look)
        child.once('exit', () => reject(new Error(`It ended and said: ${output}`)))
        look()
      }),
    kill: (signal) => void child.kill(signal),
  }
}

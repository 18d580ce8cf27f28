import { execFile, spawn } from 'node:child_process'
import ts from 'typescript'
import type { CodeBlock } from './markdown.js'

export interface ShellResult {
  /** Null for a shell that was killed. */
  readonly exitCode: number | null
  readonly output: string
}

const PRELUDE = `
curl() { command curl --silent --show-error --max-time 10 "$@"; }
set -euo pipefail
`

/** The commands of a block, continued lines joined and comments left out. */
export function commandsIn({ code }: CodeBlock): readonly string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Whether a block asks the gateway or reads its log, and nothing else: then a test may run it. */
export function isRunnable(block: CodeBlock): boolean {
  const { code } = block
  // What stands within quotes may have lines of its own.
  const outside = code.replaceAll('\\\n', ' ').replace(/'[^']*'/g, "''")
  return commandsIn({ ...block, code: outside }).every((command) => /^(curl|jq) /.test(command))
}

/** Runs a block in this folder. An event stream is left after its first event. */
export function runShell(code: string, folder: string): Promise<ShellResult> {
  return new Promise((resolve) => {
    const shell = spawn('bash', ['-c', `${PRELUDE}${code}`], { cwd: folder, detached: true })
    let output = ''
    let hasEvent = false
    const take = (chunk: Buffer) => {
      output += chunk.toString()
      if (hasEvent || !/^event: next\ndata: .*\n\n/m.test(output)) return
      hasEvent = true
      // With the commands that the shell has started.
      process.kill(-shell.pid!)
    }
    shell.stdout.on('data', take)
    shell.stderr.on('data', take)
    shell.once('close', (exitCode) => resolve({ exitCode: hasEvent ? 0 : exitCode, output }))
  })
}

/** What the shell says of a block that it does not run: empty when it is well-formed. */
export function shellSyntaxErrors(code: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('bash', ['-n', '-c', code], (_error, _stdout, stderr) => resolve(stderr))
  })
}

export interface ProgramRun {
  /** What the program printed, a line for each call. */
  readonly printed: readonly string[]
  /** Sends the program a signal that it listens for. */
  signal(name: string): void
  /** Ends when the program does. */
  readonly ended: Promise<void>
}

/** Runs a program that a page shows, in this process. `docket-gateway` is the source. */
export function runProgram(code: string, load: (name: string) => Promise<object>): ProgramRun {
  const printed: string[] = []
  const listeners = new Map<string, () => void>()
  const console = { log: (...values: unknown[]) => void printed.push(values.map(String).join(' ')) }
  const listen = (name: string, listener: () => void) => void listeners.set(name, listener)
  const process = { env: { PORT: '0' }, on: listen, once: listen }
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const body = outputText.replace(
    /^import \{([^}]+)\} from (['"][^'"]+['"]);$/gm,
    (_line, names: string, source: string) => `const {${names.replaceAll(' as ', ': ')}} = await load(${source});`,
  )
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<void>
  const ended = new AsyncFunction('load', 'console', 'process', body)(load, console, process)
  return { printed, ended, signal: (name) => listeners.get(name)?.() }
}

/** What is wrong with the form of a program, and with what it imports from `docket-gateway`. */
export function programProblems({ code }: CodeBlock, exported: (name: string) => boolean): readonly string[] {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true })
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]+)\} from 'docket-gateway'$/gm)]
    .flatMap(([, names]) => names!.split(','))
    .map((name) => name.trim().replace(/^type | as .*$/g, ''))
  return [
    ...diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ...imported.filter((name) => name !== '' && !exported(name)).map((name) => `${name} is not exported`),
  ]
}

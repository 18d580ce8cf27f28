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

/** The commands of a block, with continued lines joined and comments removed. */
export function commandsIn({ code }: CodeBlock): readonly string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Whether a block only calls the gateway or reads its log, so that a test can run it. */
export function isRunnable(block: CodeBlock): boolean {
  const { code } = block
  const isLocal = [...code.matchAll(/https?:\/\/([^/\s'"]+)/g)].every(([, host]) => host === '127.0.0.1:4000')
  const isLog = !/^jq /m.test(code) || code.includes('gateway.log')
  if (!isLocal || !isLog) return false
  // Quoted text may span lines.
  const outside = code.replaceAll('\\\n', ' ').replace(/'[^']*'/g, "''")
  return commandsIn({ ...block, code: outside }).every((command) => /^(curl|jq) /.test(command))
}

/** Runs a block in this folder. Stops reading an event stream after its first event. */
export function runShell(code: string, folder: string): Promise<ShellResult> {
  return new Promise((resolve) => {
    const shell = spawn('bash', ['-c', `${PRELUDE}${code}`], { cwd: folder, detached: true })
    let output = ''
    let hasEvent = false
    const take = (chunk: Buffer) => {
      output += chunk.toString()
      if (hasEvent || !/^event: next\ndata: .*\n\n/m.test(output)) return
      hasEvent = true
      // Kills the whole process group: the shell and its commands.
      process.kill(-shell.pid!)
    }
    shell.stdout.on('data', take)
    shell.stderr.on('data', take)
    shell.once('close', (exitCode) => resolve({ exitCode: hasEvent ? 0 : exitCode, output }))
  })
}

/** The shell's syntax errors for a block that is not run; empty when there are none. */
export function shellSyntaxErrors(code: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('bash', ['-n', '-c', code], (_error, _stdout, stderr) => resolve(stderr))
  })
}

export interface ProgramRun {
  /** The printed lines, one for each call of `console.log`. */
  readonly printed: readonly string[]
  /** Calls the program's listener for this signal. */
  signal(name: string): void
  /** Settles when the program's last statement has run. */
  readonly ended: Promise<void>
}

/** Runs a program in this process, with `load` in place of its imports. */
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

/** Syntax errors of a program, and names that it imports from `docket-gateway` although they are not exported. */
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

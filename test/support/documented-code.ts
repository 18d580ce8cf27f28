import { execFile } from 'node:child_process'
import ts from 'typescript'
import { ROOT, type CodeBlock } from './markdown.js'

export interface ShellResult {
  readonly exitCode: number
  readonly output: string
}

const PRELUDE = `
curl() { command curl --silent --show-error --max-time 2 "$@" || [ $? = 28 ]; }
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

/** Runs a block in this folder, with streams cut off after two seconds. */
export function runShell(code: string, folder: string): Promise<ShellResult> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', `${PRELUDE}${code}`], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    )
  })
}

/** What the shell says of a block that it does not run: empty when it is well-formed. */
export async function shellSyntaxErrors(code: string): Promise<string> {
  const { output } = await new Promise<ShellResult>((resolve) => {
    execFile('bash', ['-n', '-c', code], (_error, _stdout, stderr) => resolve({ exitCode: 0, output: stderr }))
  })
  return output
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

/** A name that a fragment of a program uses and that the text around it explains. */
const UNDECLARED = 2304

/** What the compiler says of these blocks, each by its title. Only whole programs have to declare all that they use. */
export function typeErrors(blocks: readonly CodeBlock[]): readonly string[] {
  const files = new Map(blocks.map((block, at) => [`${ROOT}test/documented-${at}.ts`, block]))
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    paths: { 'docket-gateway': [`${ROOT}src/index.ts`] },
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => (files.has(name) ? `${files.get(name)!.code}\nexport {}\n` : readFile(name))
  const { getSourceFile } = host
  host.getSourceFile = (name, version) =>
    files.has(name) ? ts.createSourceFile(name, host.readFile(name)!, version) : getSourceFile(name, version)
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files].flatMap(([name, { title, flag }]) => {
    const file = program.getSourceFile(name)!
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(({ code }) => flag === 'run' || code !== UNDECLARED)
      .map(({ messageText }) => `${title}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  })
}

import ts from 'typescript'
import { readPages, ROOT, type CodeBlock } from '../test/support/markdown.js'

const programs = readPages().flatMap(({ blocks }) => blocks.filter(({ language }) => ['ts', 'js'].includes(language)))
const errors = typeErrors(programs)
errors.forEach((error) => console.error(error))
process.exitCode = errors.length > 0 ? 1 : 0

/** The compiler's code for an undeclared name. Fragments may use names that the text around them explains. */
const UNDECLARED = 2304

/** The type errors of these blocks. Only programs marked `run` must declare every name that they use. */
function typeErrors(blocks: readonly CodeBlock[]): readonly string[] {
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

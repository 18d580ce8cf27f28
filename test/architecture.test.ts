import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** Imports point down: a file may import from its own folder and from what is listed for it. The first match counts. */
const MAY_IMPORT: readonly (readonly [file: RegExp, allowed: RegExp])[] = [
  [/^job\//, /^job\//],
  [/^redis\//, /^(job|redis)\//],
  [/^environment\//, /^(job|environment)\//],
  [/^upstream\//, /^(job|redis|upstream)\//],
  [/^feed\//, /^(job|feed)\//],
  [/^reads\//, /^(job|redis|upstream|reads)\//],
  [/^watch\//, /^(job|redis|watch)\//],
  [/^auth\//, /^(job|environment|auth)\//],
  [/^graph\//, /^(job|auth|feed|watch|graph)\//],
  [/^vendors\/[\w-]+\.ts$/, /^(job|environment|upstream|reads|vendors)\//],
  // A sandbox knows its vendor's wire format and settings, and nothing else of ours; only the vendor's `index` starts it.
  [/^sandbox\/cortex\//, /^sandbox\/(cortex\/|[\w-]+\.ts$)|^job\/secret\.ts$|^vendors\/cortex\/(wire|settings)\.ts$/],
  [/^sandbox\/kodexa\//, /^sandbox\/(kodexa\/|[\w-]+\.ts$)|^vendors\/kodexa\/(wire|status-codes)\.ts$/],
  [/^sandbox\/[\w-]+\.ts$/, /^sandbox\/[\w-]+\.ts$/],
  [
    /^vendors\/cortex\/index\.ts$/,
    /^((job|environment|upstream|reads|graph)\/|sandbox\/cortex\/index\.ts$|vendors\/(cortex\/|[\w-]+\.ts$))/,
  ],
  [
    /^vendors\/kodexa\/index\.ts$/,
    /^((job|environment|upstream|reads|graph)\/|sandbox\/kodexa\/index\.ts$|vendors\/(kodexa\/|[\w-]+\.ts$))/,
  ],
  [/^vendors\/cortex\//, /^((job|upstream|reads|graph|vendors\/cortex)\/|vendors\/[\w-]+\.ts$)/],
  [/^vendors\/kodexa\//, /^((job|upstream|reads|graph|vendors\/kodexa)\/|vendors\/[\w-]+\.ts$)/],
  [/^(schema|context)\.ts$/, /^((job|auth|upstream|reads|watch|graph)\/|vendors\/index\.ts$|(schema|context)\.ts$)/],
  [/^server\/limits\//, /^(job|environment|server\/limits)\//],
  [/^server\/websocket\//, /^((job|auth|server\/websocket)\/|server\/[\w-]+\.ts$)/],
  [/^server\/plugins\//, /^((job|auth|watch|graph|server\/limits|server\/plugins)\/|server\/[\w-]+\.ts$)/],
  [/^server\/server-context\.ts$/, /^(auth\/identity|server\/limits\/slot)\.ts$/],
  [/^server\//, /^((job|server)\/|schema\.ts$)/],
  [/^gateway\.ts$/, /^((job|auth|watch|graph|server)\/|(schema|context)\.ts$)/],
  // Settings from the environment, and what they open, for the entry points.
  [/^config\//, /^((job|environment|auth|reads|watch|server|config)\/|vendors\/[\w-]+\.ts$)/],
  [/^(main|index|cli\/.+)\.ts$/, /./],
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('the structure of src', () => {
  it('has a rule for every file', () => {
    expect(files.filter((file) => !MAY_IMPORT.some(([folder]) => folder.test(file)))).toEqual([])
  })

  it('imports only downwards, and never one vendor from another', () => {
    const wrong = files.flatMap((file) => {
      const allowed = MAY_IMPORT.find(([folder]) => folder.test(file))![1]
      return imports
        .get(file)!
        .filter((target) => !allowed.test(target))
        .map((target) => `${file} → ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('has no import cycles, not even of types', () => {
    expect(findCircle()).toEqual([])
  })

  it('reads the environment only in the entry point', () => {
    expect(files.filter((file) => /process\.env|loadEnvFile/.test(sourceOf(file)))).toEqual(['main.ts'])
  })

  it('re-exports values from the public entry point only', () => {
    expect(files.filter((file) => /^export (\*|\{[^}]*\}) from/m.test(sourceOf(file)))).toEqual(['index.ts'])
  })

  it('keeps URLs and HTTP out of resolvers', () => {
    const resolvers = files.filter((file) => /(^|\/)graph\//.test(file))
    expect(resolvers.filter((file) => /from 'undici'|https?:\/\/|httpStatus/.test(sourceOf(file)))).toEqual([])
  })

  it('has small folders', () => {
    expect(files.filter((file) => sourceOf(file).split('\n').length > 220)).toEqual([])
  })

  it('gives every vendor folder the same files', () => {
    for (const vendor of ['cortex', 'kodexa']) {
      const rooms = readdirSync(join(SRC, 'vendors', vendor)).map((room) => room.replace(/\.ts$/, ''))
      expect(rooms).toEqual(expect.arrayContaining(['index', 'client', 'wire', 'normalise', 'graph', 'README.md']))
    }
  })
})

function sourceOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8')
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(sourceOf(file))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(SRC, join(SRC, dirname(file), name)).replace(/\.js$/, '.ts'))
}

/** The files of one circle, or none. */
function findCircle(): string[] {
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    const circle = (imports.get(file) ?? [])
      .map((target) => walk(target, [...path, file]))
      .find((found) => found.length > 0)
    done.add(file)
    return circle ?? []
  }
  return files.map((file) => walk(file, [])).find((found) => found.length > 0) ?? []
}

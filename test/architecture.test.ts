import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** Imports point down: a file may import its own level's folder and what is listed for it. */
const MAY_IMPORT: readonly (readonly [folder: RegExp, allowed: RegExp])[] = [
  [/^job\//, /^job\//],
  [/^redis\//, /^(job|redis)\//],
  [/^http\//, /^(job|redis|http)\//],
  [/^reads\//, /^(job|redis|http|reads)\//],
  [/^sandbox\//, /^sandbox\//],
  [/^limits\//, /^(job|limits)\//],
  [/^(origins|node-listener|request-timeouts)\.ts$/, /^$/],
  [/^watch\//, /^(job|redis|watch)\//],
  [/^feed\//, /^(job|feed)\//],
  [/^auth\//, /^(job|http|auth)\//],
  [/^graph\//, /^(job|auth|feed|watch|graph)\//],
  [/^vendors\/(module|account|key-reading)\.ts$/, /^((job|http|reads)\/|vendors\/module\.ts$)/],
  [
    /^vendors\/cortex\//,
    /^((job|http|reads|graph|sandbox|vendors\/cortex)\/|vendors\/(module|account|key-reading)\.ts$)/,
  ],
  [
    /^vendors\/kodexa\//,
    /^((job|http|reads|graph|sandbox|vendors\/kodexa)\/|vendors\/(module|account|key-reading)\.ts$)/,
  ],
  [/^vendors\/index\.ts$/, /^(job|vendors)\//],
  [
    /^(schema|context|config|connect|persisted-operations)\.ts$/,
    /^((job|http|auth|limits|reads|watch|graph)\/|vendors\/(index|module)\.ts$|(schema|context|config|connect|persisted-operations)\.ts$)/,
  ],
  [/^plugins\//, /^((job|http|auth|limits|watch|graph|plugins)\/|(origins|persisted-operations)\.ts$)/],
  [/^websocket\//, /^((job|auth|websocket)\/|(origins|request-timeouts)\.ts$)/],
  [/^operation-runner\.ts$/, /^(job|limits|plugins|websocket)\//],
  [/^entrance\.ts$/, /^((job|limits|plugins)\/|origins\.ts$)/],
  [
    /^gateway\.ts$/,
    /^((job|http|auth|limits|watch|graph|plugins|websocket)\/|(schema|context|entrance|operation-runner|origins|node-listener|persisted-operations)\.ts$)/,
  ],
  [/^server\.ts$/, /^(job\/|(gateway|request-timeouts)\.ts$)/],
  [/^(main|index|create-key)\.ts$/, /./],
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('the structure of src', () => {
  it('has a rule for every file', () => {
    expect(files.filter((file) => !MAY_IMPORT.some(([folder]) => folder.test(file)))).toEqual([])
  })

  it('imports downwards only, and never one vendor from another', () => {
    const wrong = files.flatMap((file) => {
      const allowed = MAY_IMPORT.find(([folder]) => folder.test(file))![1]
      return imports
        .get(file)!
        .filter((target) => !allowed.test(target))
        .map((target) => `${file} → ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('has no circles, not even of types', () => {
    expect(findCircle()).toEqual([])
  })

  it('reads the environment in the entry point alone', () => {
    expect(files.filter((file) => /process\.env|loadEnvFile/.test(sourceOf(file)))).toEqual(['main.ts'])
  })

  it('re-exports values from the public face alone', () => {
    expect(files.filter((file) => /^export (\*|\{[^}]*\}) from/m.test(sourceOf(file)))).toEqual(['index.ts'])
  })

  it('keeps URLs and HTTP out of resolvers', () => {
    const resolvers = files.filter((file) => /(^|\/)graph\//.test(file))
    expect(resolvers.filter((file) => /from 'undici'|https?:\/\/|httpStatus/.test(sourceOf(file)))).toEqual([])
  })

  it('has small rooms', () => {
    expect(files.filter((file) => sourceOf(file).split('\n').length > 220)).toEqual([])
  })

  it('gives every vendor folder the same rooms', () => {
    for (const vendor of ['cortex', 'kodexa']) {
      const rooms = readdirSync(join(SRC, 'vendors', vendor)).map((room) => room.replace(/\.ts$/, ''))
      expect(rooms).toEqual(
        expect.arrayContaining(['index', 'client', 'wire', 'normalise', 'graph', 'sandbox', 'README.md']),
      )
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

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import {
  findViolations,
  isLicenceAllowed,
  nameOf,
  productionOf,
  type LockEntry,
  type LockFile,
} from './support/lock-file.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8')
const { dependencies, devDependencies, overrides } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'overrides',
  Readonly<Record<string, string>>
>
const { packages } = JSON.parse(read('package-lock.json')) as { packages: LockFile }

describe('the lock file', () => {
  it('has only packages from the registry with a hash, an allowed licence and no install script', () => {
    expect(productionOf(packages).length).toBeGreaterThan(Object.keys(dependencies).length)
    expect(findViolations(packages)).toEqual([])
  })

  const good: LockEntry = { version: '1.0.0', license: 'MIT', integrity: `sha512-${'A'.repeat(86)}==` }
  const bad: Record<string, LockEntry> = {
    'runs a script when it is installed': { ...good, hasInstallScript: true },
    'is licensed as Elastic-2.0': { ...good, license: 'Elastic-2.0', dev: true },
    'is licensed as GPL-3.0-only': { ...good, license: 'GPL-3.0-only', dev: true },
    'is licensed as MPL-2.0': { ...good, license: 'MPL-2.0' },
    'is licensed as undefined': { version: '1.0.0', integrity: good.integrity! },
    'has no sha512': { ...good, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    'comes from git+ssh://git@host.test/a.git#1': { ...good, resolved: 'git+ssh://git@host.test/a.git#1' },
    'comes from http://registry.npmjs.org/a.tgz': { ...good, resolved: 'http://registry.npmjs.org/a.tgz' },
    'comes from https://registry.npmjs.org.test/a': { ...good, resolved: 'https://registry.npmjs.org.test/a' },
    'comes from ../a': { ...good, link: true, resolved: '../a' },
  }
  it.each(Object.entries(bad))('rejects a package that %s', (violation, entry) => {
    expect(findViolations({ '': {}, 'node_modules/a': entry })).toEqual([`node_modules/a: ${violation}`])
  })

  it('accepts a valid package, and an install script of a development dependency', () => {
    const script = { ...good, dev: true, hasInstallScript: true }
    expect(findViolations({ '': {}, 'node_modules/a': good, 'node_modules/b': script })).toEqual([])
  })

  it('states the licence that each installed package states', () => {
    const installed = Object.entries(packages).filter(
      ([path, { link }]) => path !== '' && !link && existsSync(`${ROOT}${path}/package.json`),
    )
    const wrong = installed.filter(([path, { license, dev }]) => {
      const own = (JSON.parse(read(`${path}/package.json`)) as { license?: string }).license
      return own !== license || !isLicenceAllowed(own, dev)
    })
    expect(installed.length).toBeGreaterThan(productionOf(packages).length)
    expect(wrong.map(([path]) => path)).toEqual([])
  })

  it('has every overridden package in the overriding version only', () => {
    for (const [key, version] of Object.entries(overrides)) {
      const [, name, range] = /^(@?[^@]+)(?:@\^(\d+))?$/.exec(key)!
      const versions = Object.entries(packages)
        .filter(([path]) => path !== '' && nameOf(path) === name)
        .map(([, entry]) => entry.version!)
        .filter((found) => range === undefined || found.startsWith(`${range}.`))
      expect([...new Set(versions)], key).toEqual([version])
    }
  })
})

describe('package.json', () => {
  it('pins packages of the registry to versions', () => {
    const ranges = Object.entries({ ...dependencies, ...devDependencies })
    expect(ranges.filter(([, range]) => !/^[~^]?\d+\.\d+(\.\d+)?$/.test(range))).toEqual([])
  })

  it('lists exactly the packages that src imports as dependencies', () => {
    const imported = new Set(filesBelow('src').flatMap(packagesIn))
    expect([...imported].sort()).toEqual(Object.keys(dependencies).sort())
  })

  it('lists every package that other folders import', () => {
    const files = [
      ...['test', 'schema', 'bench'].flatMap(filesBelow),
      'codegen.ts',
      'vitest.config.ts',
      'eslint.config.js',
    ]
    const declared = new Set(Object.keys({ ...dependencies, ...devDependencies }))
    expect(files.flatMap(packagesIn).filter((name) => !declared.has(name))).toEqual([])
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
}

/** The packages that a file imports, Node's own aside. */
function packagesIn(file: string): string[] {
  return ts
    .preProcessFile(read(file))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^(\.|node:)/.test(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
}

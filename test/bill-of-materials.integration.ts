import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { nameOf, productionOf, type LockFile } from './support/lock-file.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { packages } = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as { packages: LockFile }

interface Bill {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } }
  readonly components: readonly {
    readonly 'bom-ref': string
    readonly licenses?: readonly unknown[]
    readonly hashes?: readonly unknown[]
  }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

describe('the bill of materials', () => {
  it('lists exactly the packages that are installed with the gateway', async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { cwd: ROOT })
    const bill = JSON.parse(stdout) as Bill
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'docket-gateway' } } })
    const shipped = new Set(productionOf(packages).map(([path, { version }]) => `${nameOf(path)}@${version}`))
    expect(bill.components.map((component) => component['bom-ref']).sort()).toEqual([...shipped].sort())
    expect(bill.components.filter(({ licenses, hashes }) => !licenses?.length || !hashes?.length)).toEqual([])
    const known = new Set([bill.metadata.component['bom-ref'], ...shipped])
    const named = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
    expect(new Set(named)).toEqual(known)
  }, 60_000)
})

// Prints the bill of materials (CycloneDX) of what is installed with the gateway, from the lock file, without a network.
//
// npm writes it for all packages, and here those for development are left out: `npm sbom --omit dev` would also leave out
// what both need, graphql itself among them.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const npm = ['npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']]
const bill = JSON.parse(execFileSync(...npm, { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] }))
const { name, packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))

const shipped = new Set(
  Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`),
)
const { component } = bill.metadata
const isShipped = (ref) => ref === component['bom-ref'] || shipped.has(ref)

// npm calls it by the folder in which it is.
component.name = name
bill.components = bill.components.filter((part) => shipped.has(part['bom-ref']))
bill.dependencies = bill.dependencies
  .filter(({ ref }) => isShipped(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped) }))
console.log(JSON.stringify(bill, null, 2))

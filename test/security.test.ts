import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { Role } from '../src/auth/identity.js'
import { authEnvironment } from '../src/auth/environment.js'
import { gatewayEnvironment } from '../src/config/gateway-environment.js'
import { REQUEST_TIMEOUTS } from '../src/server/request-timeouts.js'
import { cortexEnvironment } from '../src/vendors/cortex/index.js'
import { kodexaEnvironment } from '../src/vendors/kodexa/index.js'
import { closeAfterTest } from './support/close-after-test.js'
import { openGateway } from './support/gateway.js'
import { idArguments, rootFields, type RootField } from './support/root-fields.js'
import { cortexAt, kodexaAt, startScriptedVendor } from './support/scripted-vendor.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8')
const page = read('docs/security.md')

/** `[test/a.test.ts](../test/a.test.ts): *its title*` */
const PROOF = /\[(test\/[\w/.-]+)\]\(\.\.\/(test\/[\w/.-]+)\): \*([^*]+)\*/g

describe('docs/security.md', () => {
  const proofs = [...page.matchAll(PROOF)].map(([, shown, file, title]) => ({ shown, file: file!, title: title! }))

  it('names tests that exist, each in its file', () => {
    expect(proofs.length).toBeGreaterThan(90)
    const titles = new Map([...new Set(proofs.map(({ file }) => file))].map((file) => [file, titlesIn(file)]))
    const wrong = proofs.filter(({ shown, file, title }) => shown !== file || !titles.get(file)!.has(title))
    expect(wrong).toEqual([])
  })

  it('has a proof in every row of its tables', () => {
    const heads = ['promise | how', 'claim', 'what', 'recommendation | in Docket', 'danger | in Docket']
    const rows = heads.flatMap((head) => rowsBelow(`| ${head} | proof |`))
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter((row) => !PROOF_AT_END.test(row))).toEqual([])
  })

  it('names variables that exist', () => {
    const known = [gatewayEnvironment, authEnvironment, cortexEnvironment, kodexaEnvironment].flatMap((schema) =>
      Object.keys(schema.shape),
    )
    const named = rowsBelow('| variable | set it to |').map((row) => /^\| `([A-Z_]+)` \|/.exec(row)?.[1])
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !known.includes(name!))).toEqual([])
  })
})

const PROOF_AT_END = new RegExp(`\\| ${PROOF.source}(; ${PROOF.source})* \\|$`)

describe('the start of an operation', () => {
  const fields = rootFields()
  const mutations = fields.filter(({ kind }) => kind === 'mutation')

  it.each(fields.map((field) => [field.name, field] as const))(
    'is refused to a caller without a role, and costs no call: %s',
    (_name, field) => expectForbidden(field, null),
  )

  it.each(mutations.map((field) => [field.name, field] as const))(
    'is refused to a caller who may only read, and costs no call: %s',
    (_name, field) => expectForbidden(field, 'read'),
  )
})

describe('the gateway', () => {
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`)
  const imported = new Set(
    sources.flatMap((file) => ts.preProcessFile(read(file)).importedFiles.map((one) => one.fileName)),
  )

  it('starts no process and evaluates no code', () => {
    expect(
      [...imported].filter((name) => /^(node:)?(child_process|vm|worker_threads|cluster|repl)/.test(name)),
    ).toEqual([])
    // `client.eval` is Redis's, of scripts that are constants.
    expect(sources.filter((file) => /(^|[^.\w])(eval|Function)\(/m.test(read(file)))).toEqual([])
  })

  it('connects to HTTP and Redis only', () => {
    const packages = [...imported].filter((name) => !name.startsWith('.'))
    const network = packages.filter((name) =>
      /^(node:(net|http|https|http2|tls|dgram|dns)|undici|ioredis|ws|graphql-ws)/.test(name),
    )
    // `node:net` is asked what an address is, and `node:http` is what listens.
    expect(network.sort()).toEqual(['graphql-ws', 'ioredis', 'node:http', 'node:net', 'undici', 'ws'])
    expect(packages.filter((name) => /sql|mongo|ldap|xml|knex|prisma/i.test(name))).toEqual([])
  })

  it('limits the duration of requests and connections', () => {
    // To wait for them would take longer than the test, so they are only looked up.
    const server = read('src/server/serve.ts')
    expect(server).toContain('...REQUEST_TIMEOUTS')
    expect(REQUEST_TIMEOUTS).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 })
    expect(server).toContain('server.maxConnections = MAX_CONNECTIONS')
    expect(server).toContain('const MAX_CONNECTIONS = 10_000\n')
  })
})

/** Asks for it with variables that are all well, as somebody who may not. */
async function expectForbidden(field: RootField, role: Role | null): Promise<void> {
  const vendor = await startScriptedVendor()
  const gateway = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)], {
    authenticate: () => ({ name: 'somebody', role, via: 'key' }),
  })
  closeAfterTest(gateway.close, vendor.close)
  const place = idArguments().find(({ field: { name } }) => name === field.name)
  const accept = field.kind === 'subscription' ? 'text/event-stream' : 'application/json'
  const response = await gateway.gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: field.document, variables: place?.variables('a') ?? {} }),
    }),
  )
  const text = await response.text()
  expect(text.match(/"code":"\w+"/g)).toEqual(['"code":"FORBIDDEN"'])
  expect(vendor.requests).toEqual([])
}

function rowsBelow(head: string): string[] {
  const [, table = ''] = page.split(`${head}\n`)
  return table.split('\n\n', 1)[0]!.split('\n').slice(1)
}

/** The names of the tests in a file, as they are written; what is computed is an ellipsis. */
function titlesIn(file: string): Set<string> {
  const titles = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|describe|test)\b/.test(node.expression.getText())) {
      const title = node.arguments[0]
      if (title && ts.isStringLiteralLike(title)) titles.add(title.text)
      else if (title && ts.isTemplateExpression(title))
        titles.add(title.head.text + title.templateSpans.map(({ literal }) => `…${literal.text}`).join(''))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true))
  return titles
}

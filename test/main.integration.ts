import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/auth/api-key.js'
import { encodeJobId } from '../src/job/job-id.js'
import { startMain } from './support/main-process.js'
import { openRawClient } from './support/websocket.js'

const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Made = ReturnType<typeof createApiKey>

const start = (env: Record<string, string>) => startMain(folder, env)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe('the process', { timeout: 30_000 }, () => {
  it('serves the sandbox without credentials, logs a warning, and stops on a signal', async () => {
    const gateway = start({ PORT: '0' })
    const origin = await gateway.origin()
    expect(gateway.output()).toContain('SANDBOX')
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ vendors { vendor mode reachable } jobs(first: 1) { nodes { id } } }' }),
    })
    const { data } = (await answer.json()) as { data: { vendors: object[]; jobs: { nodes: object[] } } }
    expect(data.vendors).toEqual([
      { vendor: 'CORTEX', mode: 'SANDBOX', reachable: true },
      { vendor: 'KODEXA', mode: 'SANDBOX', reachable: true },
    ])
    expect(data.jobs.nodes).toHaveLength(1)
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    expect((await fetch(`${origin}/ready`)).status).toBe(200)
    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
  })

  it('stops on a signal while a job is watched over WebSocket, and closes the connection with a code to reconnect', async () => {
    const gateway = start({ PORT: '0' })
    const origin = await gateway.origin()
    const client = await openRawClient(`${origin.replace('http', 'ws')}/graphql`)
    client.subscribe('1', '{ jobs(first: 1, filter: { statuses: [RUNNING] }) { nodes { id } } }')
    const [{ id }] = (await client.next('1')).payload.data.jobs.nodes
    client.subscribe('2', 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }', { id })
    expect((await client.next('2')).payload.data.jobUpdated.status).toBe('RUNNING')
    gateway.child.kill('SIGTERM')
    expect(await client.closed).toEqual([1001, 'Going away'])
    expect(await gateway.exited).toBe(0)
    expect(gateway.output()).not.toContain('"level":50')
  })

  it('completes open streams on a stop signal, then exits', async () => {
    const gateway = start({ PORT: '0' })
    const origin = await gateway.origin()
    const id = encodeJobId({ type: 'Execution', path: ['00000000-0000-4000-8000-000000000001'] })
    const stream = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: `subscription { jobUpdated(id: "${id}") { status } }` }),
    })
    gateway.child.kill('SIGTERM')
    expect(await stream.text()).toMatch(/"status":"RUNNING"[^]*event: complete\ndata:\n\n$/)
    expect(await gateway.exited).toBe(0)
  })

  it('exits on an uncaught error without logging caller input', async () => {
    const error = "Object.assign(new Error('what-was-sent'), { headers: ['what-was-sent'] })"
    writeFileSync(join(folder, 'failing.mjs'), `process.on('SIGUSR2', () => { throw ${error} })`)
    const gateway = start({ PORT: '0', NODE_OPTIONS: '--import=./failing.mjs' })
    await gateway.origin()
    gateway.child.kill('SIGUSR2')
    expect(await gateway.exited).toBe(1)
    expect(gateway.output()).toContain('"err":{"type":"Error"')
    expect(gateway.output()).not.toContain('what-was-sent')
  })

  it('logs the audit line of a cancel even at log level error', async () => {
    const port = await freePort()
    const gateway = start({ PORT: String(port), LOG_LEVEL: 'error' })
    const cancel = () =>
      fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'mutation { cancelJobs(ids: ["none"]) { outcome } }' }),
      })
    const isServed = () =>
      cancel().then(
        ({ ok }) => ok,
        () => false,
      )
    await expect.poll(isServed, { timeout: 20_000 }).toBe(true)
    await gateway.said(/"audit":"cancel"/)
    const lines = gateway.output().trim().split('\n')
    expect(lines.filter((line) => !line.includes('"audit":"cancel"'))).toEqual([])
  })

  it('reports all configuration errors at once and does not start', async () => {
    const gateway = start({
      PORT: 'many',
      HOST: '0.0.0.0',
      KODEXA_BASE_URL: 'ftp://x',
      CORTEX_HEADERS: '[1]',
      NODE_ENV: 'production',
    })
    expect(await gateway.exited).toBe(1)
    for (const name of ['PORT', 'KODEXA_BASE_URL', 'CORTEX_HEADERS']) expect(gateway.output()).toContain(`${name}: `)
    expect(gateway.output()).not.toContain('    at ')
  })

  it('serves the sandbox in production only on request, without GraphiQL and introspection', async () => {
    const refused = start({ PORT: '0', NODE_ENV: 'production' })
    expect(await refused.exited).toBe(1)
    expect(refused.output()).toContain('DOCKET_SANDBOX: ')
    const asked = start({ PORT: '0', NODE_ENV: 'production', DOCKET_SANDBOX: 'true' })
    const origin = await asked.origin()
    const page = await fetch(`${origin}/graphql`, { headers: { accept: 'text/html' } })
    expect([page.ok, page.headers.get('content-type')]).not.toEqual([true, 'text/html'])
    const schema = await fetch(`${origin}/graphql?query={__schema{types{name}}}`)
    expect(await schema.json()).toHaveProperty('errors.0.message', expect.stringContaining('has been disabled'))
  })

  it('accepts a key from the file and does not log it', async () => {
    const { key, entry } = createApiKey({ name: 'ops', role: 'read' })
    writeFileSync(join(folder, 'keys.json'), JSON.stringify([entry]))
    const gateway = start({ PORT: '0', GATEWAY_AUTH: 'keys', GATEWAY_API_KEYS_FILE: 'keys.json' })
    const origin = await gateway.origin()
    const ask = (query: string, shown: string) =>
      fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${shown}` },
        body: JSON.stringify({ query }),
      })
    expect(await (await ask('{ vendors { mode } }', key)).json()).not.toHaveProperty('errors')
    expect(await (await ask('mutation { cancelJobs(ids: []) { id } }', key)).text()).toContain('FORBIDDEN')
    expect((await ask('{ vendors { mode } }', `${key}x`)).status).toBe(401)
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    expect(gateway.output()).not.toContain(key)
    expect(gateway.output()).not.toContain(entry.sha256)
  })

  it('reloads credentials on a signal, and keeps the old ones when the new ones are invalid', async () => {
    const shown: (string | undefined)[] = []
    const vendor = createServer((request, response) => {
      shown.push(request.headers['x-api-key'] as string)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"exe_1","status":"RUNNING"}')
    }).listen(0, '127.0.0.1')
    await once(vendor, 'listening')
    const [before, after] = ['before', 'after'].map((name) => createApiKey({ name, role: 'read' })) as [Made, Made]
    const write = (file: string, text: string) => writeFileSync(join(folder, file), text)
    write('vendor-key', 'old-key\n')
    write('callers.json', JSON.stringify([before.entry]))
    const gateway = start({
      PORT: '0',
      CACHE_LIVE_MS: '0',
      KODEXA_BASE_URL: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`,
      KODEXA_API_KEY_FILE: 'vendor-key',
      GATEWAY_AUTH: 'keys',
      GATEWAY_API_KEYS_FILE: 'callers.json',
    })
    const origin = await gateway.origin()
    const ask = async ({ key }: Made) => {
      const answer = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ query: '{ execution(by: { executionId: "exe_1" }) { status } }' }),
      })
      return answer.status
    }
    expect([await ask(before), await ask(after), shown]).toEqual([200, 401, ['old-key']])

    write('vendor-key', 'new-key')
    write('callers.json', 'nonsense')
    gateway.child.kill('SIGHUP')
    await gateway.said(/credentials not reloaded/)
    expect([await ask(before), await ask(after), shown.at(-1)]).toEqual([200, 401, 'old-key'])

    mkdirSync(join(folder, '.env'))
    gateway.child.kill('SIGHUP')
    await gateway.said(/"code":"EISDIR".*credentials not reloaded/)
    expect(await ask(before)).toBe(200)
    rmSync(join(folder, '.env'), { recursive: true })

    write('callers.json', JSON.stringify([after.entry]))
    gateway.child.kill('SIGHUP')
    await gateway.said(/"vendors":\["KODEXA"\],"msg":"credentials reloaded/)
    expect([await ask(before), await ask(after), shown.at(-1)]).toEqual([401, 200, 'new-key'])
    expect(gateway.output()).not.toMatch(/old-key|new-key/)
    vendor.close()
  })

  it('does not start without authentication on a public address in front of a real vendor', async () => {
    const gateway = start({ PORT: '0', HOST: '0.0.0.0', GATEWAY_AUTH: 'none', KODEXA_API_KEY: 'secret-key' })
    expect(await gateway.exited).toBe(1)
    expect(gateway.output()).toContain('GATEWAY_AUTH: none would let everybody')
    expect(gateway.output()).not.toContain('secret-key')
  })

  it('reads unset and empty variables from .env, and reports a port in use', async () => {
    writeFileSync(
      join(folder, '.env'),
      'PORT=0\nKODEXA_API_KEY=secret-of-the-env-file\nKODEXA_BASE_URL=http://127.0.0.1:9\n',
    )
    const first = start({ KODEXA_API_KEY: '' })
    const origin = await first.origin()
    expect(first.output()).toContain('"vendors":{"CORTEX":"NOT_CONFIGURED","KODEXA":"LIVE"}')
    expect(first.output()).not.toContain('secret-of-the-env-file')
    const second = start({ PORT: new URL(origin).port })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('cannot listen')
  })
})

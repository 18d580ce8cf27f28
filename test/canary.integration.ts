import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import type { ApiKey } from '../src/auth/api-key.js'
import { encodeJobId } from '../src/job/job-id.js'
import { closeAfterTest } from './support/close-after-test.js'
import { AUDIENCE, ISSUER, sign, signingKey } from './support/issuer.js'
import { leakyOperations } from './support/leaky-operations.js'
import { MODES, startLeakyVendor } from './support/leaky-vendor.js'
import { startMain } from './support/main-process.js'
import { missingParts } from './support/missing-parts.js'
import { plantSecrets } from './support/planted-secrets.js'
import { recordEvents, recordWebSocket } from './support/recorded-streams.js'
import { inSequence, json, startScriptedVendor } from './support/scripted-vendor.js'

const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

const secrets = plantSecrets()

/** Parts that the responses must contain. */
const EXPECTED_RESPONSES = [
  'VENDOR_UNAVAILABLE',
  'VENDOR_UNAUTHORIZED',
  'VENDOR_REJECTED',
  'VENDOR_BAD_RESPONSE',
  'VENDOR_RATE_LIMITED',
  'VENDOR_TIMEOUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_INPUT',
  'CANCELLED',
  '"upstream":{"',
  'event: next',
  'connection_ack',
  '4403',
  '<html',
  '[secret]',
  secrets.vendorResponse.message,
  secrets.vendorResponse.word,
  secrets.caller.argument,
]
/** Parts that the log must contain. */
const EXPECTED_LOG = [
  '"audit":"cancel"',
  '"audit":"request"',
  '"outcome":"FORBIDDEN"',
  '"name":"ops"',
  'Redis connection lost',
  'JWKS cannot be loaded; rejecting tokens',
  'Unknown vendor status',
]

const signer = signingKey('one')

function entry(name: string, role: ApiKey['role'], key: string): ApiKey {
  return { name, role, sha256: createHash('sha256').update(key).digest('hex') }
}

/** Succeeds at both vendors. */
const RECOVERY = `{
  execution(by: { executionId: "exe_1" }) { status }
  workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { status }
}`

/** Starts a Redis that rejects every command and echoes it in the error. */
async function startEchoingRedis(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('data', (data) => socket.write(`-${data.toString().replaceAll(/\s+/g, ' ')}\r\n`))
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfterTest(() => Promise.resolve(void server.close()))
  return (server.address() as AddressInfo).port
}

describe('secrets', { timeout: 120_000 }, () => {
  it('never appear in a response or in the output of the process', async () => {
    const vendor = await startLeakyVendor(secrets.vendorResponse)
    const jwk = { ...(await exportJWK(signer.publicKey)), kid: signer.kid, alg: signer.alg, use: 'sig' }
    const issuer = await startScriptedVendor(
      inSequence(json(500, { message: secrets.vendorResponse.body }), json(200, { keys: [jwk] })),
    )
    closeAfterTest(vendor.close, issuer.close)
    const keys = [entry('ops', 'admin', secrets.caller.admin), entry('eye', 'read', secrets.caller.reader)]
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys))
    for (const { name, sha256 } of keys) secrets.add(`the digest of ${name}`, sha256)
    const tokens = {
      good: await sign(signer, { roles: ['admin'], email: secrets.caller.header }),
      expired: await sign(signer, { exp: 1, email: secrets.caller.header }),
      forged: await sign(signingKey('one'), { email: secrets.caller.header }),
      malformed: `${Buffer.from(`{"alg":"${secrets.caller.header}`).toString('base64url')}.e30.AA`,
    }
    for (const [name, token] of Object.entries(tokens))
      for (const part of token.split('.').filter((part) => part.length > 20))
        secrets.add(`a part of a token that is ${name}`, part)

    const gateway = startMain(folder, {
      PORT: '0',
      LOG_LEVEL: 'trace',
      GATEWAY_AUTH: 'keys,jwt',
      GATEWAY_API_KEYS_FILE: 'keys.json',
      GATEWAY_JWT_JWKS_URL: `${issuer.url.href}keys?token=${secrets.vendor.issuerToken}`,
      GATEWAY_JWT_ISSUER: ISSUER,
      GATEWAY_JWT_AUDIENCE: AUDIENCE,
      REDIS_URL: `redis://${secrets.vendor.redisUser}:${secrets.vendor.redisPassword}@127.0.0.1:${await startEchoingRedis()}`,
      CORTEX_BASE_URL: vendor.url,
      CORTEX_API_KEY: secrets.vendor.cortexKey,
      CORTEX_HEADERS: JSON.stringify({ 'x-proxy-secret': secrets.vendor.cortexHeader }),
      CORTEX_WEBHOOK_TOKEN: secrets.vendor.webhookToken,
      CORTEX_COLLECTION_IDS: 'col_1',
      CORTEX_RATE_LIMIT_PER_MINUTE: 'off',
      CORTEX_TIMEOUT_MS: '300',
      CORTEX_MAX_RETRIES: '0',
      KODEXA_BASE_URL: vendor.url,
      KODEXA_API_KEY: secrets.vendor.kodexaKey,
      KODEXA_HEADERS: JSON.stringify({ 'x-proxy-secret': secrets.vendor.kodexaHeader }),
      KODEXA_TIMEOUT_MS: '300',
      KODEXA_MAX_RETRIES: '0',
      POLL_MS: '100',
    })
    const [, origin] = await gateway.said(/listening on (http:\/\/127\.0\.0\.1:\d+)\/graphql/)

    const responses: string[] = []
    const record = (...parts: readonly unknown[]) => void responses.push(parts.join('\n'))

    /** Sends a request whose headers contain secrets. */
    async function send(path: string, init: RequestInit = {}): Promise<string> {
      const headers = {
        cookie: `session=${secrets.caller.cookie}`,
        'x-forwarded-for': secrets.caller.address,
        'x-debug': secrets.caller.header,
        referer: `http://127.0.0.1/?token=${secrets.caller.query}`,
        'x-upstream-trace': '1',
        'cache-control': 'no-cache',
        ...init.headers,
      }
      const response = await fetch(`${origin}${path}`, { redirect: 'manual', ...init, headers })
      const body = await response.text()
      record(response.status, JSON.stringify([...response.headers]), body)
      return body
    }
    const asAdmin = { 'x-api-key': secrets.caller.admin }
    const post = (body: object | string, headers: Record<string, string> = asAdmin) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const ask = (operation: object, headers?: Record<string, string>) => send('/graphql', post(operation, headers))

    // The first request for keys fails, and the gateway does not repeat it for some seconds.
    await ask({ query: '{ vendors { mode } }' }, { authorization: `Bearer ${tokens.good}` })

    for (const mode of MODES) {
      const operations = leakyOperations(mode)
      for (const part of [operations.slice(0, 5), operations.slice(5)]) {
        await Promise.all(part.map((operation) => ask(operation)))
        // A success keeps the circuit closed, which would open after ten failures in a row.
        await ask({ query: RECOVERY })
      }
    }
    for (const operation of leakyOperations('fine')) await ask(operation)
    await ask({ query: '{ vendors { vendor circuit reachable outage { message } budget { limit } } }' })

    // Unauthenticated and forbidden callers.
    for (const headers of <Record<string, string>[]>[
      { 'x-api-key': secrets.caller.wrongKey },
      { authorization: `Bearer ${secrets.caller.wrongKey}` },
      { authorization: `Basic ${Buffer.from(`me:${secrets.caller.wrongKey}`).toString('base64')}` },
      { authorization: `Bearer ${secrets.caller.admin}`, 'x-api-key': secrets.caller.reader },
      ...Object.values(tokens).map((token) => ({ authorization: `Bearer ${token}` })),
      { authorization: `Bearer ${secrets.caller.reader}` },
    ])
      for (const operation of leakyOperations('fine').slice(-2)) await ask(operation, headers)

    // Malformed and invalid operations.
    const { argument, broken } = secrets.caller
    for (const operation of [
      { query: `{ ${argument} }`, operationName: argument },
      {
        query: `query ${argument} { execution(by: { executionId: "..${argument}" }) { id } }`,
        operationName: argument,
      },
      { query: `mutation { cancelExecution(by: { id: "${argument}" }) { __typename } }` },
      { query: `mutation { cancelJobs(ids: ["${argument}"]) { error { message } } }` },
      { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: argument } },
      {
        query: 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id } }',
        variables: { ids: { [argument]: argument } },
      },
      { query: `{ executions(filter: "${argument}", after: "${argument}") { nodes { id } } }` },
      { query: '{ __schema { types { name } } }' },
      { query: '', extensions: { persistedQuery: { sha256Hash: argument } } },
      { query: `mutation { cancelJobs(ids: ["${argument}` },
    ])
      await ask(operation)
    await send('/graphql', post(`{"query": ${broken}`))
    await send(
      '/graphql',
      post({ query: '{ vendors { mode } }' }, { ...asAdmin, 'content-type': `text/plain; a=${broken}` }),
    )
    await send('/graphql', post(`{"query":"${'x'.repeat(1_100_000)}${broken}"}`))
    await send('/graphql', post({ query: '{ vendors { mode } }' }, { ...asAdmin, origin: `https://${broken}.test` }))
    await send('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://a.test', 'access-control-request-method': broken },
    })
    const query = encodeURIComponent('{ vendors { mode } }')
    await send(`/graphql?query=${query}&token=${encodeURIComponent(secrets.caller.query)}`, { headers: asAdmin })
    await send(`/graphql?query=${query}&token=${encodeURIComponent(secrets.caller.query)}`)
    await send(`/graphql?token=${encodeURIComponent(secrets.caller.query)}`, { headers: { accept: 'text/html' } })
    for (const path of [
      '/',
      '/health',
      '/ready',
      '/metrics',
      '/nothing',
      '/webhooks/kodexa/x',
      `/webhooks/cortex/${secrets.caller.wrongHook}`,
    ])
      await send(`${path}?token=${encodeURIComponent(secrets.caller.query)}`)
    for (const token of [secrets.vendor.webhookToken, secrets.caller.wrongHook])
      await send(`/webhooks/cortex/${token}`, { method: 'POST', body: JSON.stringify({ recordId: broken }) })

    // Server-sent events and WebSockets.
    const watch = (mode: string) => ({
      query: 'subscription ($id: ID!) { jobUpdated(id: $id) { status vendorStatus } }',
      variables: { id: encodeJobId({ type: 'Execution', path: [`exe_${mode}`] }) },
    })
    const stream = (mode: string) =>
      recordEvents(`${origin}/graphql`, post(watch(mode), { ...asAdmin, accept: 'text/event-stream' }))
    record(...(await Promise.all(['echo400', 'malformed', 'oddword'].map(stream))))
    const url = `${origin!.replace('http', 'ws')}/graphql?token=${encodeURIComponent(secrets.caller.query)}`
    const connectionInit = (payload: object) => JSON.stringify({ type: 'connection_init', payload })
    const subscribe = (id: string, payload: object) => JSON.stringify({ id, type: 'subscribe', payload })
    const conversations = [
      [
        connectionInit(asAdmin),
        ...leakyOperations('echo500').map((operation, index) => subscribe(String(index), operation)),
        subscribe('w', watch('echo400')),
      ],
      [connectionInit({ 'x-api-key': secrets.caller.wrongKey })],
      [connectionInit({ headers: { authorization: `Bearer ${tokens.forged}` } })],
      [`{"type":"connection_init","payload":{"authorization":${broken}}}`],
      [broken],
      [connectionInit(asAdmin), JSON.stringify({ type: broken, payload: broken })],
      [
        connectionInit(asAdmin),
        JSON.stringify({ type: 'subscribe', id: broken, payload: { query: [broken], variables: broken } }),
      ],
    ].map((messages) =>
      recordWebSocket(url, messages, { cookie: secrets.caller.cookie, 'x-debug': secrets.caller.header }),
    )
    record(...(await Promise.all(conversations)))
    record(await recordWebSocket(url.replace('/graphql', `/${broken}`), [], { origin: `https://${broken}.test` }))

    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)

    const log = gateway.output()
    expect([...responses.flatMap((text) => secrets.leaksIn('answer', text)), ...secrets.leaksIn('log', log)]).toEqual(
      [],
    )

    // The responses and the log contain what the run was meant to produce.
    expect(missingParts(responses.join('\n'), EXPECTED_RESPONSES)).toEqual([])
    expect(missingParts(log, EXPECTED_LOG)).toEqual([])
    expect(
      MODES.filter((mode) => !vendor.requests.some((line) => line.startsWith('GET') && line.includes(mode))),
    ).toEqual([])
    expect(
      MODES.filter((mode) => !vendor.requests.some((line) => line.endsWith('/cancel') && line.includes(mode))),
    ).toEqual([])
  })
})

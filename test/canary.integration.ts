import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ApiKey } from '../src/auth/api-key.js'
import { encodeJobId } from '../src/job/job-id.js'
import { Secret } from '../src/job/secret.js'
import { createCanaries } from './support/canaries.js'
import { closeAfterTest } from './support/close-after-test.js'
import { AUDIENCE, ISSUER, sign, signingKey } from './support/issuer.js'
import { MODES, startLeakyVendor } from './support/leaky-vendor.js'
import { startMain } from './support/main-process.js'
import { openGateway } from './support/gateway.js'
import { cortexAt, inSequence, json, kodexaAt, startScriptedVendor } from './support/scripted-vendor.js'

const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { plant, add, leaksIn } = createCanaries()

/** In the environment. */
const VENDOR = {
  cortexKey: plant('the key of Cortex', 'nowhere', '/:+'),
  kodexaKey: plant('the key of Kodexa', 'nowhere', '/:+'),
  cortexHeader: plant('a header for Cortex', 'nowhere', '&"%'),
  kodexaHeader: plant('a header for Kodexa', 'nowhere', '&"%'),
  webhookToken: plant('the token of the webhook'),
  redisUser: plant('the user of Redis'),
  redisPassword: plant('the password of Redis'),
  issuerToken: plant("the token in the issuer's address"),
}
/** From the vendors. */
const SAID = {
  body: plant('the body of a vendor'),
  message: plant('a message of a vendor', 'answers'),
  word: plant('what a vendor has in place of a status', 'answers'),
}
/** From callers. */
const CALLER = {
  admin: plant("an admin's key", 'nowhere', '+/'),
  reader: plant("a reader's key", 'nowhere', '+/'),
  wrongKey: plant('a wrong key', 'nowhere', '+/'),
  wrongHook: plant('a wrong token of the webhook'),
  cookie: plant('a cookie'),
  address: plant('X-Forwarded-For'),
  header: plant('a header of a caller', 'nowhere', '%&'),
  query: plant('the query string', 'nowhere', '+/'),
  broken: plant('a malformed message', 'nowhere'),
  argument: plant('an argument', 'answers'),
}

/** In answers, among other things. */
const ANSWERED = [
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
  SAID.message,
  SAID.word,
  CALLER.argument,
]
const LOGGED = [
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

const ERRORS = `
  __typename
  ... on Error { message code }
  ... on VendorError { vendorMessage incidentId retryAfterSeconds }
`

/** Everything that can be asked for of one job of each kind, whose addresses hold how the vendor is to misbehave. */
function operationsOf(mode: string): readonly { readonly query: string; readonly variables?: object }[] {
  const [record, run] = [
    `collectionId: "col_${mode}", recordId: "rec_${mode}"`,
    `workflowId: "work_1", runId: "run_${mode}"`,
  ]
  const id = encodeJobId({ type: 'Execution', path: [`exe_${mode}`] })
  const others = ['Record:c/col_1/rec_', 'WorkflowRun:c/work_1/run_'].map((start) =>
    Buffer.from(`${start}${mode}`).toString('base64url'),
  )
  return [
    {
      query: `{ execution(by: { executionId: "exe_${mode}" }) { name status vendorStatus statusMessages { title } pipeline { ref } exception { message } } }`,
    },
    {
      query: `{ record(by: { ref: { ${record} } }) { name status vendorStatus errors { message } rules { key error } usage } }`,
    },
    { query: `{ workflowRun(by: { ref: { ${run} } }) { status vendorStatus error result input } }` },
    {
      query: '($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Job { status } } }',
      variables: { ids: [id, ...others] },
    },
    {
      query: `{ executions(assistantId: "${mode}") { nodes { id status } } records(collectionId: "col_${mode}") { nodes { id } } }`,
    },
    {
      query: `{ jobs(filter: { cortexCollectionIds: ["col_1", "col_${mode}"] }) { nodes { id name } outages { source message code } warnings { message } } }`,
    },
    {
      query: `mutation { cancelExecution(by: { executionId: "exe_${mode}" }) { ${ERRORS} ... on CancelExecutionSuccess { execution { id } } } }`,
    },
    { query: `mutation { cancelRecord(by: { ref: { ${record} } }) { ${ERRORS} } }` },
    { query: `mutation { cancelWorkflowRun(by: { ref: { ${run} } }) { ${ERRORS} } }` },
    {
      query: `mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id outcome error { ${ERRORS} } } }`,
      variables: { ids: [id, ...others, 'none'] },
    },
  ].map(({ query, ...rest }) => ({ query: query.startsWith('(') ? `query ${query}` : query, ...rest }))
}

/** What both vendors answer as they should. */
const RECOVERY = `{
  execution(by: { executionId: "exe_1" }) { status }
  workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { status }
}`

/** Says of everything that it is no command, repeating it. */
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
  it('would be found in whatever form', () => {
    const { plant, leaksIn } = createCanaries()
    const secret = plant('it', 'nowhere', '/"+')
    const shared = plant('the other', 'answers')
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    for (const text of [
      `x ${secret} y`,
      encodeURIComponent(secret).toLowerCase(),
      JSON.stringify({ secret }),
      ...['', 'a', 'ab'].flatMap((before) => [base64(`${before}${secret}`), base64(`${before}${secret} and more`)]),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ])
      expect(leaksIn('answer', text), text).not.toEqual([])
    expect(leaksIn('answer', shared)).toEqual([])
    expect(leaksIn('log', shared)).not.toEqual([])
    expect(leaksIn('log', secret.slice(0, -6))).toEqual([])
  })

  it('show in no answer and on no line that the process writes', async () => {
    const vendor = await startLeakyVendor(SAID)
    const jwk = { ...(await exportJWK(signer.publicKey)), kid: signer.kid, alg: signer.alg, use: 'sig' }
    const issuer = await startScriptedVendor(inSequence(json(500, { message: SAID.body }), json(200, { keys: [jwk] })))
    closeAfterTest(vendor.close, issuer.close)
    const keys = [entry('ops', 'admin', CALLER.admin), entry('eye', 'read', CALLER.reader)]
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys))
    for (const { name, sha256 } of keys) add(`the digest of ${name}`, sha256)
    const tokens = {
      good: await sign(signer, { roles: ['admin'], email: CALLER.header }),
      expired: await sign(signer, { exp: 1, email: CALLER.header }),
      forged: await sign(signingKey('one'), { email: CALLER.header }),
      malformed: `${Buffer.from(`{"alg":"${CALLER.header}`).toString('base64url')}.e30.AA`,
    }
    for (const [name, token] of Object.entries(tokens))
      for (const part of token.split('.').filter((part) => part.length > 20))
        add(`a part of a token that is ${name}`, part)

    const gateway = startMain(folder, {
      PORT: '0',
      LOG_LEVEL: 'trace',
      GATEWAY_AUTH: 'keys,jwt',
      GATEWAY_API_KEYS_FILE: 'keys.json',
      GATEWAY_JWT_JWKS_URL: `${issuer.url.href}keys?token=${VENDOR.issuerToken}`,
      GATEWAY_JWT_ISSUER: ISSUER,
      GATEWAY_JWT_AUDIENCE: AUDIENCE,
      REDIS_URL: `redis://${VENDOR.redisUser}:${VENDOR.redisPassword}@127.0.0.1:${await startEchoingRedis()}`,
      CORTEX_BASE_URL: vendor.url,
      CORTEX_API_KEY: VENDOR.cortexKey,
      CORTEX_HEADERS: JSON.stringify({ 'x-proxy-secret': VENDOR.cortexHeader }),
      CORTEX_WEBHOOK_TOKEN: VENDOR.webhookToken,
      CORTEX_COLLECTION_IDS: 'col_1',
      CORTEX_RATE_LIMIT_PER_MINUTE: 'off',
      CORTEX_TIMEOUT_MS: '300',
      CORTEX_MAX_RETRIES: '0',
      KODEXA_BASE_URL: vendor.url,
      KODEXA_API_KEY: VENDOR.kodexaKey,
      KODEXA_HEADERS: JSON.stringify({ 'x-proxy-secret': VENDOR.kodexaHeader }),
      KODEXA_TIMEOUT_MS: '300',
      KODEXA_MAX_RETRIES: '0',
      POLL_MS: '100',
    })
    const [, origin] = await gateway.said(/listening on (http:\/\/127\.0\.0\.1:\d+)\/graphql/)

    const answers: string[] = []
    const note = (...parts: readonly unknown[]) => void answers.push(parts.join('\n'))

    /** Whatever a request is, its headers hold secrets. */
    async function send(path: string, init: RequestInit = {}): Promise<string> {
      const headers = {
        cookie: `session=${CALLER.cookie}`,
        'x-forwarded-for': CALLER.address,
        'x-debug': CALLER.header,
        referer: `http://127.0.0.1/?token=${CALLER.query}`,
        'x-upstream-trace': '1',
        'cache-control': 'no-cache',
        ...init.headers,
      }
      const response = await fetch(`${origin}${path}`, { redirect: 'manual', ...init, headers })
      const body = await response.text()
      note(response.status, JSON.stringify([...response.headers]), body)
      return body
    }
    const asAdmin = { 'x-api-key': CALLER.admin }
    const post = (body: object | string, headers: Record<string, string> = asAdmin) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const ask = (operation: object, headers?: Record<string, string>) => send('/graphql', post(operation, headers))

    // The issuer fails once, and is left alone for some seconds then.
    await ask({ query: '{ vendors { mode } }' }, { authorization: `Bearer ${tokens.good}` })

    for (const mode of MODES) {
      const operations = operationsOf(mode)
      for (const part of [operations.slice(0, 5), operations.slice(5)]) {
        await Promise.all(part.map((operation) => ask(operation)))
        // A vendor that fails ten times in a row would be asked no more.
        await ask({ query: RECOVERY })
      }
    }
    for (const operation of operationsOf('fine')) await ask(operation)
    await ask({ query: '{ vendors { vendor circuit reachable outage { message } budget { limit } } }' })

    // Whoever is nobody, and whoever may not.
    for (const headers of <Record<string, string>[]>[
      { 'x-api-key': CALLER.wrongKey },
      { authorization: `Bearer ${CALLER.wrongKey}` },
      { authorization: `Basic ${Buffer.from(`me:${CALLER.wrongKey}`).toString('base64')}` },
      { authorization: `Bearer ${CALLER.admin}`, 'x-api-key': CALLER.reader },
      ...Object.values(tokens).map((token) => ({ authorization: `Bearer ${token}` })),
      { authorization: `Bearer ${CALLER.reader}` },
    ])
      for (const operation of operationsOf('fine').slice(-2)) await ask(operation, headers)

    // What is no operation, or none that can be run.
    const { argument, broken } = CALLER
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
    await send(`/graphql?query=${query}&token=${encodeURIComponent(CALLER.query)}`, { headers: asAdmin })
    await send(`/graphql?query=${query}&token=${encodeURIComponent(CALLER.query)}`)
    await send(`/graphql?token=${encodeURIComponent(CALLER.query)}`, { headers: { accept: 'text/html' } })
    for (const path of [
      '/',
      '/health',
      '/ready',
      '/metrics',
      '/nothing',
      '/webhooks/kodexa/x',
      `/webhooks/cortex/${CALLER.wrongHook}`,
    ])
      await send(`${path}?token=${encodeURIComponent(CALLER.query)}`)
    for (const token of [VENDOR.webhookToken, CALLER.wrongHook])
      await send(`/webhooks/cortex/${token}`, { method: 'POST', body: JSON.stringify({ recordId: broken }) })

    // Streams of events, and WebSockets.
    const watch = (mode: string) => ({
      query: 'subscription ($id: ID!) { jobUpdated(id: $id) { status vendorStatus } }',
      variables: { id: encodeJobId({ type: 'Execution', path: [`exe_${mode}`] }) },
    })
    const stream = (mode: string) =>
      firstEvents(`${origin}/graphql`, post(watch(mode), { ...asAdmin, accept: 'text/event-stream' }))
    note(...(await Promise.all(['echo400', 'malformed', 'oddword'].map(stream))))
    const url = `${origin!.replace('http', 'ws')}/graphql?token=${encodeURIComponent(CALLER.query)}`
    const hello = (payload: object) => JSON.stringify({ type: 'connection_init', payload })
    const subscribe = (id: string, payload: object) => JSON.stringify({ id, type: 'subscribe', payload })
    const conversations = [
      [
        hello(asAdmin),
        ...operationsOf('echo500').map((operation, index) => subscribe(String(index), operation)),
        subscribe('w', watch('echo400')),
      ],
      [hello({ 'x-api-key': CALLER.wrongKey })],
      [hello({ headers: { authorization: `Bearer ${tokens.forged}` } })],
      [`{"type":"connection_init","payload":{"authorization":${broken}}}`],
      [broken],
      [hello(asAdmin), JSON.stringify({ type: broken, payload: broken })],
      [
        hello(asAdmin),
        JSON.stringify({ type: 'subscribe', id: broken, payload: { query: [broken], variables: broken } }),
      ],
    ].map((messages) => talk(url, messages, { cookie: CALLER.cookie, 'x-debug': CALLER.header }))
    note(...(await Promise.all(conversations)))
    note(await talk(url.replace('/graphql', `/${broken}`), [], { origin: `https://${broken}.test` }))

    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)

    const log = gateway.output()
    expect([...answers.flatMap((text) => leaksIn('answer', text)), ...leaksIn('log', log)]).toEqual([])

    // There was something to search, and it is what people look for.
    expect(missing(answers.join('\n'), ANSWERED)).toEqual([])
    expect(missing(log, LOGGED)).toEqual([])
    expect(
      MODES.filter((mode) => !vendor.requests.some((line) => line.startsWith('GET') && line.includes(mode))),
    ).toEqual([])
    expect(
      MODES.filter((mode) => !vendor.requests.some((line) => line.endsWith('/cancel') && line.includes(mode))),
    ).toEqual([])
  })

  it('show in nothing that a gateway says of itself to whoever embeds it', async () => {
    const vendor = await startLeakyVendor(SAID)
    const url = new URL(vendor.url)
    const settings = { timeoutMs: 100 }
    const { gateway, query, lines, close } = openGateway((log) => [
      cortexAt(
        url,
        {
          ...settings,
          apiKey: new Secret(VENDOR.cortexKey),
          headers: { 'x-proxy-secret': new Secret(VENDOR.cortexHeader) },
        },
        { log },
      ),
      kodexaAt(
        url,
        {
          ...settings,
          apiKey: new Secret(VENDOR.kodexaKey),
          headers: { 'x-proxy-secret': new Secret(VENDOR.kodexaHeader) },
        },
        { log },
      ),
    ])
    closeAfterTest(close, vendor.close)
    const headers = { 'x-upstream-trace': '1', cookie: CALLER.cookie }
    const answers: object[] = []
    for (const mode of ['echo500', 'base64only400', 'malformed', 'hang', 'fine'])
      for (const operation of operationsOf(mode))
        answers.push(await query(operation.query, operation.variables, { headers }))
    const reports = [gateway.usage(), gateway.watching(), lines]
    expect(leaksIn('log', JSON.stringify(reports))).toEqual([])
    expect(leaksIn('answer', JSON.stringify(answers))).toEqual([])
    expect(
      missing(JSON.stringify([reports, answers]), ['"calls":', '"audit":"cancel"', '[secret]', SAID.message]),
    ).toEqual([])
  })
})

function missing(text: string, parts: readonly string[]): readonly string[] {
  return parts.filter((part) => !text.includes(part))
}

/** What comes of a stream of events within half a second. */
async function firstEvents(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(500) })
  let text = ''
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
  } catch {
    // Time is over.
  }
  return text
}

/** All that a client hears who says this, until it is closed or has heard nothing for a second. */
async function talk(url: string, messages: readonly string[], headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers })
  const heard: string[] = []
  let silence: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(silence)
    silence = setTimeout(() => socket.terminate(), 1000)
  }
  wait()
  socket.on('message', (data: Buffer) => {
    heard.push(data.toString())
    wait()
    // Nothing may be asked before the acknowledgement.
    if (heard.length === 1) for (const message of messages.slice(1)) socket.send(message)
  })
  socket.on('open', () => socket.send(messages[0] ?? ''))
  socket.on('error', (error) => heard.push(error.message))
  socket.on('unexpected-response', (_request, response) => {
    heard.push(`${response.statusCode} ${JSON.stringify(response.headers)}`)
    response.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
    response.on('end', () => socket.terminate())
  })
  const [code, reason] = await new Promise<readonly [number, Buffer]>((resolve) =>
    socket.once('close', (...goodbye) => resolve(goodbye)),
  )
  clearTimeout(silence)
  return [...heard, code, reason.toString()].join('\n')
}

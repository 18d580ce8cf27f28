import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createApiKey } from '../../../src/auth/api-key.js'
import { createAuthenticate } from '../../../src/auth/authenticate.js'
import type { GatewayOptions } from '../../../src/gateway.js'
import { encodeJobId } from '../../../src/job/job-id.js'
import { silentLog } from '../../../src/job/log.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway } from '../../support/gateway.js'
import { sign, signingKey, tokenSettings } from '../../support/issuer.js'
import { hang, json, kodexaAt, startScriptedVendor, type Script } from '../../support/scripted-vendor.js'
import { clientOf, serve, openUnacknowledgedClient } from '../../support/websocket.js'

const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const CANCEL = 'mutation { cancelExecution(by: { executionId: "exe_1" }) { __typename } }'
const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }'

const ops = createApiKey({ name: 'ops', role: 'cancel' })
const eye = createApiKey({ name: 'eye', role: 'read' })
const signer = signingKey('one')
const running = json(200, { id: 'exe_1', status: 'RUNNING' })

async function start(script: Script = running, options: Partial<GatewayOptions> = {}) {
  const vendor = await startScriptedVendor(script)
  const authenticate = createAuthenticate(
    { keys: [ops.entry, eye.entry], tokens: tokenSettings({ keys: signer.publicKey, clockToleranceS: 0 }) },
    silentLog,
  )
  const gateway = openGateway([kodexaAt(vendor.url, { timeoutMs: 10_000 })], { pollMs: 5, authenticate, ...options })
  closeAfterTest(gateway.close, vendor.close)
  return { ...gateway, vendor, ...(await serve(gateway.gateway)) }
}

/** Sends `connection_init` and returns `connection_ack`, or the code and reason with which the connection is closed. */
async function initConnection(url: string, headers: Record<string, string>, payload?: unknown) {
  const client = await openUnacknowledgedClient(url, { headers })
  client.send(payload === undefined ? { type: 'connection_init' } : { type: 'connection_init', payload })
  const outcome = await Promise.race([
    client.next('connection_ack').then(
      ({ type }) => type,
      () => null,
    ),
    client.closed,
  ])
  return { client, outcome: outcome ?? (await client.closed) }
}

describe('a WebSocket client', () => {
  it.each<[how: string, headers: Record<string, string>, payload?: unknown]>([
    ['a bearer in the handshake', { authorization: `Bearer ${eye.key}` }],
    ['a key in the handshake', { 'x-api-key': eye.key }],
    ['a bearer in connection_init', {}, { authorization: `Bearer ${eye.key}` }],
    ['a bearer with a capital in connection_init', {}, { Authorization: `Bearer ${eye.key}` }],
    ['a key in connection_init', {}, { 'x-api-key': eye.key }],
    ['a bearer among headers in connection_init', {}, { headers: { Authorization: `bearer ${eye.key}` } }],
    ['a key among headers in connection_init', {}, { headers: { 'X-Api-Key': eye.key }, other: [1] }],
    [
      'the same everywhere',
      { 'x-api-key': eye.key },
      { 'x-api-key': eye.key, headers: { authorization: `Bearer ${eye.key}` } },
    ],
  ])('is authenticated by %s, and has the rights of its role', async (_how, headers, payload) => {
    const { url, vendor } = await start()
    const { client, outcome } = await initConnection(url, headers, payload)
    expect(outcome).toBe('connection_ack')
    client.subscribe('one', EXECUTION)
    expect((await client.next('one')).payload).toEqual({ data: { execution: { status: 'RUNNING' } } })
    client.subscribe('two', CANCEL)
    expect((await client.next('two')).payload).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    })
    expect(vendor.requests).toEqual(['GET /api/executions/exe_1'])
  })

  it.each<[how: string, headers: Record<string, string>, payload?: unknown]>([
    ['no credential', {}],
    ['an empty payload', {}, {}],
    ['a wrong key in the handshake', { 'x-api-key': `${eye.key}x` }],
    ['a wrong bearer in the handshake', { authorization: 'Bearer nonsense' }],
    ['a wrong key in connection_init', {}, { 'x-api-key': 'nonsense' }],
    ['a key with a line break', {}, { 'x-api-key': `${eye.key}\r\nx: y` }],
    ['a key that is an array', {}, { 'x-api-key': [eye.key] }],
    ['an authorization that is an object', {}, { authorization: { Bearer: eye.key } }],
    ['headers that are an array', {}, { headers: ['x-api-key', eye.key] }],
    ['headers that are null', {}, { headers: null }],
    ['a key in another property', {}, { apiKey: eye.key, token: eye.key }],
    ['a string as payload', {}, `Bearer ${eye.key}`],
    ['an array as payload', {}, ['authorization', `Bearer ${eye.key}`]],
    ['one key in the handshake and another in connection_init', { 'x-api-key': eye.key }, { 'x-api-key': ops.key }],
    [
      'a bearer in the handshake and another key in connection_init',
      { authorization: `Bearer ${eye.key}` },
      { 'x-api-key': ops.key },
    ],
    ['two different keys in connection_init', {}, { 'x-api-key': eye.key, headers: { 'x-api-key': ops.key } }],
    [
      'a wrong key in the handshake and a valid one in connection_init',
      { 'x-api-key': 'nonsense' },
      { 'x-api-key': eye.key },
    ],
    ['a key in a cookie', { cookie: `x-api-key=${eye.key}` }],
  ])('is closed with 4403 with %s', async (_how, headers, payload) => {
    const { url, vendor, lines } = await start()
    const { client, outcome } = await initConnection(url, headers, payload)
    const code = Array.isArray(outcome) ? outcome[0] : outcome
    // A payload that is not an object violates the protocol.
    expect(code).toBe(typeof payload === 'string' || Array.isArray(payload) ? 4400 : 4403)
    expect(client.messages).toEqual([])
    expect(vendor.requests).toEqual([])
    expect(JSON.stringify(lines)).not.toContain('docket_')
  })

  it('runs nothing before it is authenticated', async () => {
    let finish = () => {}
    const finished = new Promise<void>((resolve) => (finish = resolve))
    const { url, vendor } = await start(running, {
      authenticate: () => finished.then(() => ({ name: 'late', role: 'admin', via: 'key' }) as const),
    })
    const withoutKey = await openUnacknowledgedClient(url)
    withoutKey.send({ type: 'connection_init' })
    withoutKey.subscribe('one', CANCEL)
    expect((await withoutKey.closed)[0]).toBe(4401)
    const withoutInit = await openUnacknowledgedClient(url, { headers: { 'x-api-key': ops.key } })
    withoutInit.subscribe('one', CANCEL)
    expect((await withoutInit.closed)[0]).toBe(4401)
    finish()
    expect(vendor.requests).toEqual([])
  })

  it('is authenticated once for all its operations', async () => {
    const authenticate = vi.fn(() => ({ name: 'a', role: 'read', via: 'key' }) as const)
    const { url } = await start(running, { authenticate })
    const { client } = await initConnection(url, {})
    for (const id of ['1', '2', '3']) {
      client.subscribe(id, EXECUTION)
      await client.next(id)
    }
    expect(authenticate).toHaveBeenCalledTimes(1)
  })

  it('cannot set headers of a proxy in connection_init', async () => {
    const seen: (string | null)[] = []
    const { url } = await start(running, {
      authenticate(headers) {
        seen.push(headers.get('x-forwarded-user'), headers.get('Cookie'))
        return null
      },
    })
    await initConnection(
      url,
      { cookie: 'a=b' },
      { 'x-forwarded-user': 'root', headers: { 'x-forwarded-user': 'root', cookie: 'c' } },
    )
    expect(seen).toEqual([null, 'a=b'])
  })

  it('is closed with 4403 when authentication throws, and the log has the error', async () => {
    const { url, lines } = await start(running, {
      authenticate: () => Promise.reject(new Error('the directory is down')),
    })
    expect((await initConnection(url, { 'x-api-key': ops.key })).outcome).toEqual([4403, 'Forbidden'])
    expect(lines).toMatchObject([{ level: 'error' }])
  })
})

describe('a token on a WebSocket', () => {
  it('that expires closes the connection, and the client continues with a new token', async () => {
    const { url } = await start()
    const tokens: string[] = []
    const client = clientOf(url, {
      retryAttempts: 1,
      retryWait: () => Promise.resolve(),
      async connectionParams() {
        const exp = Math.floor(Date.now() / 1000) + (tokens.length === 0 ? 2 : 60)
        tokens.push(await sign(signer, { exp }))
        return { authorization: `Bearer ${tokens.at(-1)}` }
      },
    })
    const closes: unknown[] = []
    client.on('closed', (event) => closes.push((event as { code: number }).code))
    const events = client.iterate({ query: WATCH, variables: { id: ID } })
    expect((await events.next()).value).toMatchObject({ data: { jobUpdated: { status: 'RUNNING' } } })
    // The first event after the client has reconnected.
    expect((await events.next()).value).toMatchObject({ data: { jobUpdated: { status: 'RUNNING' } } })
    expect(tokens).toHaveLength(2)
    expect(closes).toEqual([4403])
    await events.return?.()
  })

  it('that expires lets the mutation in flight finish, and starts no other', async () => {
    const { url, vendor } = await start(hang)
    const token = await sign(signer, { exp: Math.floor(Date.now() / 1000) + 2, roles: 'cancel' })
    const { client } = await initConnection(url, { authorization: `Bearer ${token}` })
    const received = new Promise<() => void>((resolve) =>
      vendor.answer((request, response) =>
        resolve(() => json(200, { id: 'exe_1', status: 'CANCELLED' })(request, response)),
      ),
    )
    client.subscribe('one', CANCEL)
    const respond = await received
    await new Promise((resolve) => setTimeout(resolve, 2200))
    client.subscribe('two', CANCEL)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(vendor.requests).toHaveLength(1)
    respond()
    expect((await client.next('one')).payload.data.cancelExecution.__typename).toBe('CancelExecutionSuccess')
    expect(await client.closed).toEqual([4403, 'The credential is no longer valid'])
    expect(client.messages.filter(({ id }) => id === 'two')).toEqual([])
  })

  it('that is valid for years does not count as expired', async () => {
    const { url } = await start()
    const token = await sign(signer, { exp: Math.floor(Date.now() / 1000) + 100 * 365 * 86_400 })
    const { client, outcome } = await initConnection(url, {}, { authorization: `Bearer ${token}` })
    onTestFinished(() => client.socket.terminate())
    expect(outcome).toBe('connection_ack')
    await new Promise((resolve) => setTimeout(resolve, 100))
    client.subscribe('one', EXECUTION)
    expect((await client.next('one')).payload.data).toEqual({ execution: { status: 'RUNNING' } })
  })

  it('that has already expired is rejected', async () => {
    const { url } = await start()
    const token = await sign(signer, { exp: Math.floor(Date.now() / 1000) - 1 })
    expect((await initConnection(url, {}, { authorization: `Bearer ${token}` })).outcome).toEqual([4403, 'Forbidden'])
  })
})

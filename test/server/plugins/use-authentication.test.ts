import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../../src/auth/api-key.js'
import { createAuthenticate, type Authenticate } from '../../../src/auth/authenticate.js'
import { encodeJobId } from '../../../src/job/job-id.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { sign, signingKey, startIssuer, tokenSettings } from '../../support/issuer.js'
import {
  cortexAt,
  hang,
  json,
  kodexaAt,
  startScriptedVendor,
  type ScriptedVendor,
} from '../../support/scripted-vendor.js'
import { serve } from '../../support/websocket.js'
import { Secret } from '../../../src/job/secret.js'
import { runCount } from '../../support/run-count.js'

const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const WATCH = `subscription { jobUpdated(id: "${ID}") { status } }`
const TOKEN = 'an-unguessable-webhook-token'
const MESSAGE = 'No valid credential. Send `Authorization: Bearer <key or token>`, or `x-api-key`.'
const UNKNOWN = { errors: [{ message: MESSAGE, extensions: { code: 'UNAUTHENTICATED' } }] }

const ops = createApiKey({ name: 'ops', role: 'cancel' })
const eye = createApiKey({ name: 'eye', role: 'read' })
const signer = signingKey('one')
const keys = [ops.entry, eye.entry]

interface Opened extends TestGateway {
  readonly vendor: ScriptedVendor
  /** Sends a request to the gateway. */
  send(path: string, init?: RequestInit): Promise<Response>
}

/** A gateway that accepts these keys and tokens, and logs what its JWKS does. */
async function open(authenticate?: Authenticate): Promise<Opened> {
  const vendor = await startScriptedVendor(json(200, { id: 'exe_1', status: 'RUNNING' }))
  const settings = { keys, tokens: tokenSettings({ keys: signer.publicKey, clockToleranceS: 0 }) }
  const lines: unknown[] = []
  const log = { info: record, warn: record, error: record }
  function record(fields: object, message: string): void {
    lines.push({ fields, message })
  }
  const gateway = openGateway([cortexAt(vendor.url, { webhookToken: new Secret(TOKEN) }), kodexaAt(vendor.url)], {
    pollMs: 5,
    authenticate: authenticate ?? createAuthenticate(settings, log),
  })
  closeAfterTest(gateway.close, vendor.close)
  const send = (path: string, init: RequestInit = {}) =>
    gateway.gateway.fetch(new Request(`http://gateway.test${path}`, init))
  return { ...gateway, vendor, send }
}

function post(query: string, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  }
}

/** Expects nothing but the audit lines of unauthenticated requests. */
function expectRejectionsOnly(lines: TestGateway['lines']): void {
  const rejection = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' }
  for (const { fields, ...line } of lines) {
    expect(line).toEqual({ level: 'info', message: 'request refused' })
    const { requestId, omitted, ...rest } = fields as { requestId?: string; omitted?: number }
    expect(rest).toEqual(rejection)
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    if (omitted !== undefined) expect(omitted).toBeGreaterThan(0)
  }
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` })

describe('an operation over HTTP', () => {
  it('runs with a valid key or token', async () => {
    const { query } = await open()
    for (const headers of [bearer(eye.key), { 'x-api-key': eye.key }, bearer(await sign(signer))])
      expect(await query(EXECUTION, {}, { headers })).toMatchObject({
        status: 200,
        data: { execution: { status: 'RUNNING' } },
        errors: [],
      })
  })

  it.each<[credential: string, headers: Record<string, string>]>([
    ['no credential', {}],
    ['an unknown key', bearer(`${eye.key}x`)],
    ['two different keys', { ...bearer(eye.key), 'x-api-key': ops.key }],
    ['a key with another scheme', { authorization: `Basic ${eye.key}` }],
    ['an invalid token', bearer('a.b.c')],
  ])('gets 401 with %s, whatever the request is', async (_how, headers) => {
    const { send, vendor, lines } = await open()
    const accepts = [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      '*/*',
      'multipart/mixed',
    ]
    const requests = [
      ...accepts.map((accept) => ['/graphql', post(EXECUTION, { ...headers, accept })] as const),
      ['/graphql', post(WATCH, { ...headers, accept: 'text/event-stream' })] as const,
      ['/graphql', post('mutation { cancelJobs(ids: []) { id } }', headers)] as const,
      ['/graphql', post('{ __schema { types { name } } }', headers)] as const,
      ['/graphql', post('{ nonsense', headers)] as const,
      ['/graphql', { ...post('', headers), body: 'no JSON' }] as const,
      [`/graphql?query=${encodeURIComponent(EXECUTION)}`, { headers }] as const,
      ['/graphql?query={__typename}', { headers: { ...headers, accept: 'application/json' } }] as const,
      ['/graphql', { headers }] as const,
    ]
    for (const [path, init] of requests) {
      const response = await send(path, init)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await response.json()).toEqual(UNKNOWN)
    }
    expect(vendor.requests).toEqual([])
    expectRejectionsOnly(lines)
  })

  it('gets 401 over a socket before its body has arrived, and when credentials are repeated', async () => {
    const { gateway } = await open()
    const { port } = await serve(gateway)
    const statusOf = (headers: string[], body?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const allHeaders = ['host', 'gateway.test', 'content-type', 'application/json', ...headers]
        const sending = httpRequest(
          { port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers: allHeaders },
          (response) => {
            resolve(response.statusCode)
            response.resume()
            sending.destroy()
          },
        )
        sending.on('error', reject)
        if (body === undefined) sending.write('{"query":')
        else sending.end(body)
      })
    const body = JSON.stringify({ query: EXECUTION })
    const length = ['content-length', String(body.length)]
    expect(await statusOf(['content-length', '500000'])).toBe(401)
    expect(await statusOf([...length, 'x-api-key', eye.key], body)).toBe(200)
    expect(await statusOf([...length, 'x-api-key', eye.key, 'x-api-key', ops.key], body)).toBe(401)
    expect(await statusOf([...length, 'x-api-key', eye.key, 'x-api-key', eye.key], body)).toBe(401)
    expect(await statusOf([...length, 'x-api-key', 'nonsense', 'authorization', `Bearer ${eye.key}`], body)).toBe(401)
  })

  it('is authenticated once, before its body is read', async () => {
    const order: string[] = []
    const { send } = await open((headers) => {
      order.push(`authenticated ${headers.get('x-api-key')}`)
      return { name: 'a', role: 'read', via: 'key' }
    })
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          order.push('read')
          controller.enqueue(new TextEncoder().encode(JSON.stringify({ query: `{ a: ${EXECUTION.slice(1)}` })))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const headers = { 'content-type': 'application/json', 'x-api-key': 'k' }
    const response = await send('/graphql', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(200)
    expect(order).toEqual(['authenticated k', 'read'])
  })

  it('gets INTERNAL without details when authentication throws, and the log has the error', async () => {
    const { send, vendor, lines } = await open(() => {
      throw new Error('the directory is down')
    })
    const response = await send('/graphql', post(EXECUTION))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({
      errors: [
        { message: 'Internal error of the gateway. Its log has the details.', extensions: { code: 'INTERNAL' } },
      ],
    })
    expect(lines).toMatchObject([{ level: 'error' }])
    expect(vendor.requests).toEqual([])
  })

  it('gets 401 without blocking the gateway while the JWKS cannot be read', { timeout: 10_000 }, async () => {
    const { server } = await startIssuer(signer)
    server.answer(hang)
    const warned: object[] = []
    const log = { info() {}, error() {}, warn: (fields: object) => void warned.push(fields) }
    const { send } = await open(createAuthenticate({ keys, tokens: tokenSettings({ keys: server.url }) }, log))
    const token = await sign(signer)
    const rejected = send('/graphql', post(EXECUTION, bearer(token)))
    // API keys do not need the JWKS.
    expect((await send('/graphql', post(EXECUTION, bearer(eye.key)))).status).toBe(200)
    expect((await rejected).status).toBe(401)
    expect(warned).toEqual([{ reason: 'ERR_JWKS_TIMEOUT' }])
  })
})

describe('a request that is not an operation', () => {
  it('needs no credential: health, readiness, webhooks and the GraphiQL page', async () => {
    const { send, gateway } = await open()
    expect((await send('/health')).status).toBe(200)
    expect((await send('/ready')).status).toBe(200)
    expect((await send(`/webhooks/cortex/${TOKEN}`, { method: 'POST', body: '{}' })).status).toBe(202)
    expect((await send('/webhooks/cortex/wrong', { method: 'POST', body: '{}' })).status).toBe(404)
    expect((await send('/webhooks')).status).toBe(404)
    expect((await send('/nowhere')).status).toBe(404)
    gateway.drain()
    expect((await send('/ready')).status).toBe(503)
    const page = await send('/graphql', { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    // The headers editor lists the header; the page runs no operation by itself.
    expect((await page.text()).includes('\\"authorization\\": \\"Bearer \\"')).toBe(true)
  })

  it('does not bypass authentication with a URL that looks like one of these', async () => {
    const { send, vendor } = await open()
    for (const path of [
      '/graphql?x=/health',
      '/graphql?x=/ready',
      '/graphql#/health',
      '/graphql/../graphql',
      '//graphql',
    ])
      expect(await (await send(path, post(EXECUTION))).text()).not.toContain('RUNNING')
    const page = await send(`/graphql?query=${encodeURIComponent(EXECUTION)}`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(vendor.requests).toEqual([])
  })

  it('gets 401 when GraphiQL is off', async () => {
    const gateway = openGateway([], { graphiql: false, authenticate: () => null })
    closeAfterTest(gateway.close)
    const request = new Request('http://gateway.test/graphql?query={__typename}', { headers: { accept: 'text/html' } })
    expect((await gateway.gateway.fetch(request)).status).toBe(401)
  })
})

describe('a stream of server-sent events', () => {
  it('ends with an error when its token expires', async () => {
    const { send, gateway } = await open()
    const token = await sign(signer, { exp: Math.floor(Date.now() / 1000) + 2 })
    const response = await send('/graphql', post(WATCH, { ...bearer(token), accept: 'text/event-stream' }))
    const text = await response.text()
    const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!) as object)
    expect(events).toEqual([{ data: { jobUpdated: { status: 'RUNNING' } } }, UNKNOWN])
    expect(text).toContain('event: complete')
    await expect.poll(() => gateway.watching()).toMatchObject({ jobs: 0 })
  })

  it('is not interrupted when the credential is a key', async () => {
    const { send, vendor } = await open()
    const response = await send('/graphql', post(WATCH, { ...bearer(eye.key), accept: 'text/event-stream' }))
    setTimeout(() => vendor.answer(json(200, { id: 'exe_1', status: 'SUCCEEDED' })), 50)
    const text = await response.text()
    expect(text).toContain('COMPLETED')
    expect(text).not.toContain('errors')
  })
})

describe('a secret', () => {
  it('appears in no response and in no log when it is rejected', async () => {
    const canary = 'canary-5e6f'
    const { server } = await startIssuer(signer)
    const warned: unknown[] = []
    const record = (...line: unknown[]) => void warned.push(line)
    const log = { info: record, warn: record, error: record }
    const tokens = tokenSettings({ keys: server.url })
    const { send, lines, gateway } = await open(createAuthenticate({ keys, tokens }, log))
    const { port } = await serve(gateway)
    const forged = `${Buffer.from(`{"alg":"ES256","kid":"${canary}"}`).toString('base64url')}.${canary}.${canary}`
    const credentials = [
      canary,
      `${ops.key}${canary}`,
      forged,
      await sign(signer, { aud: canary, sub: canary }),
      await sign(signingKey(canary), { sub: canary }),
    ]
    let responses = ''
    for (const value of credentials)
      for (const headers of [
        bearer(value),
        { 'x-api-key': value },
        { authorization: value },
        { authorization: `Basic ${value}` },
      ])
        for (const response of [
          await send('/graphql', post(EXECUTION, headers)),
          await fetch(`http://127.0.0.1:${port}/graphql`, post(EXECUTION, headers)),
        ])
          responses += `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}\n`
    server.answer(json(500, { canary }))
    expect(responses.match(/^401 /gm)).toHaveLength(40)
    const output = responses + JSON.stringify([lines, warned, server.headers])
    for (const secret of [canary, ops.key, ops.entry.sha256, Buffer.from(canary).toString('base64url')])
      expect(output).not.toContain(secret)
  })

  it('appears in no response and in no log when it is accepted', async () => {
    const { query, lines, vendor } = await open()
    const results = [
      await query(EXECUTION, {}, { headers: bearer(ops.key) }),
      await query('{ nonsense }', {}, { headers: { 'x-api-key': ops.key } }),
      await query('mutation { cancelJobs(ids: ["x"]) { id } }', {}, { headers: bearer(eye.key) }),
    ]
    const output = results.map(({ text }) => text).join() + JSON.stringify([lines, vendor.headers])
    for (const secret of [ops.key, ops.entry.sha256, eye.key, eye.entry.sha256]) expect(output).not.toContain(secret)
  })
})

describe('any header value', () => {
  it('gets 401 and breaks nothing', async () => {
    const { send, vendor, lines } = await open()
    const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
    const part = fc.base64String().map((text) => text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
    const header = fc.json().map((text) => Buffer.from(text).toString('base64url'))
    const hostile = fc.oneof(
      printable,
      printable.map((text) => `Bearer ${text}`),
      fc.tuple(fc.oneof(part, header), fc.oneof(part, header), part).map((parts) => `Bearer ${parts.join('.')}`),
      fc
        .record({
          alg: fc.constantFrom('none', 'ES256', 'HS256', 'RS256', 'EdDSA', 'dir', '__proto__'),
          kid: fc.string(),
        })
        .map((head) => `Bearer ${Buffer.from(JSON.stringify(head)).toString('base64url')}.e30.AA`),
    )
    await fc.assert(
      fc.asyncProperty(hostile, fc.option(printable), async (authorization, apiKey) => {
        const headers = { authorization, ...(apiKey === null ? {} : { 'x-api-key': apiKey }) }
        const response = await send('/graphql', post(EXECUTION, headers))
        expect(response.status).toBe(401)
        expect(await response.json()).toEqual(UNKNOWN)
      }),
      { numRuns: runCount(300) },
    )
    expect(vendor.requests).toEqual([])
    expectRejectionsOnly(lines)
  })
})

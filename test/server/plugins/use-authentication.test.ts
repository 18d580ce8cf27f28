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
const TOKEN = 'token-of-the-webhook-nobody-can-guess'
const MESSAGE = 'No valid credential. Send `Authorization: Bearer <key or token>`, or `x-api-key`.'
const UNKNOWN = { errors: [{ message: MESSAGE, extensions: { code: 'UNAUTHENTICATED' } }] }

const ops = createApiKey({ name: 'ops', role: 'cancel' })
const eye = createApiKey({ name: 'eye', role: 'read' })
const signer = signingKey('one')
const keys = [ops.entry, eye.entry]

interface Opened extends TestGateway {
  readonly vendor: ScriptedVendor
  /** Sends what `fetch` sends, to the gateway. */
  send(path: string, init?: RequestInit): Promise<Response>
}

/** A gateway that knows these callers, and logs what its keys do. */
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

/** All that is said of who is refused. */
function expectRefusalsOnly(lines: TestGateway['lines']): void {
  const refused = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' }
  for (const { fields, ...line } of lines) {
    expect(line).toEqual({ level: 'info', message: 'request refused' })
    const { requestId, omitted, ...rest } = fields as { requestId?: string; omitted?: number }
    expect(rest).toEqual(refused)
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    if (omitted !== undefined) expect(omitted).toBeGreaterThan(0)
  }
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` })

describe('an operation', () => {
  it('runs for who shows a key or a token', async () => {
    const { query } = await open()
    for (const headers of [bearer(eye.key), { 'x-api-key': eye.key }, bearer(await sign(signer))])
      expect(await query(EXECUTION, {}, { headers })).toMatchObject({
        status: 200,
        data: { execution: { status: 'RUNNING' } },
        errors: [],
      })
  })

  it.each<[how: string, headers: Record<string, string>]>([
    ['shows nothing', {}],
    ['shows another key', bearer(`${eye.key}x`)],
    ['shows two keys that differ', { ...bearer(eye.key), 'x-api-key': ops.key }],
    ['shows a key by another scheme', { authorization: `Basic ${eye.key}` }],
    ['shows what is no token', bearer('a.b.c')],
  ])('is refused with 401 to who %s, whatever it is', async (_how, headers) => {
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
    expectRefusalsOnly(lines)
  })

  it('is refused over a socket, too, before its body is there, and whatever is sent twice', async () => {
    const { gateway } = await open()
    const { port } = await serve(gateway)
    const ask = (headers: string[], body?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const own = ['host', 'gateway.test', 'content-type', 'application/json', ...headers]
        const sending = httpRequest(
          { port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers: own },
          (answer) => {
            resolve(answer.statusCode)
            answer.resume()
            sending.destroy()
          },
        )
        sending.on('error', reject)
        if (body === undefined) sending.write('{"query":')
        else sending.end(body)
      })
    const body = JSON.stringify({ query: EXECUTION })
    const length = ['content-length', String(body.length)]
    expect(await ask(['content-length', '500000'])).toBe(401)
    expect(await ask([...length, 'x-api-key', eye.key], body)).toBe(200)
    expect(await ask([...length, 'x-api-key', eye.key, 'x-api-key', ops.key], body)).toBe(401)
    expect(await ask([...length, 'x-api-key', eye.key, 'x-api-key', eye.key], body)).toBe(401)
    expect(await ask([...length, 'x-api-key', 'nonsense', 'authorization', `Bearer ${eye.key}`], body)).toBe(401)
  })

  it('asks who it is once, before anything else', async () => {
    const order: string[] = []
    const { send } = await open((headers) => {
      order.push(`asked ${headers.get('x-api-key')}`)
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
    expect(order).toEqual(['asked k', 'read'])
  })

  it('fails without a word to its caller when the gateway cannot find out, and the log says why', async () => {
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

  it('is refused, and the gateway not hung, while the keys of tokens cannot be read', { timeout: 10_000 }, async () => {
    const { server } = await startIssuer(signer)
    server.answer(hang)
    const warned: object[] = []
    const log = { info() {}, error() {}, warn: (fields: object) => void warned.push(fields) }
    const { send } = await open(createAuthenticate({ keys, tokens: tokenSettings({ keys: server.url }) }, log))
    const token = await sign(signer)
    const refused = send('/graphql', post(EXECUTION, bearer(token)))
    // Keys need nobody else.
    expect((await send('/graphql', post(EXECUTION, bearer(eye.key)))).status).toBe(200)
    expect((await refused).status).toBe(401)
    expect(warned).toEqual([{ reason: 'ERR_JWKS_TIMEOUT' }])
  })
})

describe('what is no operation', () => {
  it('is answered to anybody: health, readiness, webhooks and the page of GraphiQL', async () => {
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
    // The page has a place for the header, and runs nothing by itself.
    expect((await page.text()).includes('\\"authorization\\": \\"Bearer \\"')).toBe(true)
  })

  it('is no way around: an address that looks like theirs gets nothing of an operation', async () => {
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

  it('is refused like any operation where there is no page of GraphiQL', async () => {
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

  it('is not cut off when a key is shown', async () => {
    const { send, vendor } = await open()
    const response = await send('/graphql', post(WATCH, { ...bearer(eye.key), accept: 'text/event-stream' }))
    setTimeout(() => vendor.answer(json(200, { id: 'exe_1', status: 'SUCCEEDED' })), 50)
    const text = await response.text()
    expect(text).toContain('COMPLETED')
    expect(text).not.toContain('errors')
  })
})

describe('a secret', () => {
  it('is in no answer and in no log, whatever it is shown to', async () => {
    const canary = 'canary-5e6f'
    const { server } = await startIssuer(signer)
    const warned: unknown[] = []
    const record = (...line: unknown[]) => void warned.push(line)
    const log = { info: record, warn: record, error: record }
    const tokens = tokenSettings({ keys: server.url })
    const { send, lines, gateway } = await open(createAuthenticate({ keys, tokens }, log))
    const { port } = await serve(gateway)
    const forged = `${Buffer.from(`{"alg":"ES256","kid":"${canary}"}`).toString('base64url')}.${canary}.${canary}`
    const shown = [
      canary,
      `${ops.key}${canary}`,
      forged,
      await sign(signer, { aud: canary, sub: canary }),
      await sign(signingKey(canary), { sub: canary }),
    ]
    let answers = ''
    for (const value of shown)
      for (const headers of [
        bearer(value),
        { 'x-api-key': value },
        { authorization: value },
        { authorization: `Basic ${value}` },
      ])
        for (const answer of [
          await send('/graphql', post(EXECUTION, headers)),
          await fetch(`http://127.0.0.1:${port}/graphql`, post(EXECUTION, headers)),
        ])
          answers += `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}\n`
    server.answer(json(500, { canary }))
    expect(answers.match(/^401 /gm)).toHaveLength(40)
    const said = answers + JSON.stringify([lines, warned, server.headers])
    for (const secret of [canary, ops.key, ops.entry.sha256, Buffer.from(canary).toString('base64url')])
      expect(said).not.toContain(secret)
  })

  it('is not in what an operation of somebody who is known says either', async () => {
    const { query, lines, vendor } = await open()
    const answers = [
      await query(EXECUTION, {}, { headers: bearer(ops.key) }),
      await query('{ nonsense }', {}, { headers: { 'x-api-key': ops.key } }),
      await query('mutation { cancelJobs(ids: ["x"]) { id } }', {}, { headers: bearer(eye.key) }),
    ]
    const said = answers.map(({ text }) => text).join() + JSON.stringify([lines, vendor.headers])
    for (const secret of [ops.key, ops.entry.sha256, eye.key, eye.entry.sha256]) expect(said).not.toContain(secret)
  })
})

describe('anything at all in the headers', () => {
  it('is refused with 401, and never breaks anything', async () => {
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
    expectRefusalsOnly(lines)
  })
})

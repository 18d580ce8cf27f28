import { describe, expect, it } from 'vitest'
import { allowAnonymous, type Authenticate } from '../../../src/auth/authenticate.js'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { handshake, serve } from '../../support/websocket.js'

const LISTED = 'https://app.example'
const QUERY = '{ jobs { nodes { id } } }'
const MUTATION =
  'mutation { cancelExecution(by: { executionId: "00000000-0000-4000-8000-000000000001" }) { __typename } }'

async function start(cors?: { origins: string[]; credentials?: boolean }, authenticate: Authenticate = allowAnonymous) {
  const gateway = await openSandboxedForTest({ gateway: { authenticate, ...(cors && { cors }) } })
  const send = (init: RequestInit, path = '/graphql') =>
    gateway.gateway.fetch(new Request(`http://docket.test${path}`, init))
  return {
    ...gateway,
    get: (headers: Record<string, string>, query = QUERY) =>
      send({ headers }, `/graphql?query=${encodeURIComponent(query)}`),
    post: (headers: Record<string, string>, query = QUERY) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
    preflight: (headers: Record<string, string>) =>
      send({
        method: 'OPTIONS',
        headers: {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,authorization',
          ...headers,
        },
      }),
  }
}

const corsHeaders = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')))

describe('a gateway without listed origins', () => {
  it.each([
    ['a client other than a browser', {}],
    ['its own page', { origin: 'http://docket.test' }],
    ['its own page, behind a proxy that ends TLS', { origin: 'https://docket.test' }],
    [
      'its own page, behind a proxy that sends another Host',
      { origin: 'https://other.test', 'sec-fetch-site': 'same-origin' },
    ],
    ['its own page, without an Origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['a typed URL', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a link on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('accepts requests from %s', async (_source, headers) => {
    const { get, post } = await start()
    for (const response of [await get(headers), await post(headers)]) {
      expect(response.status).toBe(200)
      expect(response.headers.get('vary')).toBeNull()
      expect(corsHeaders(response)).toEqual({})
    }
  })

  it.each([
    ['another site', { origin: 'https://evil.test' }],
    ['another port', { origin: 'http://docket.test:81' }],
    ['a subdomain', { origin: 'http://evil.docket.test' }],
    ['a frame in a sandbox', { origin: 'null' }],
    ['a file', { origin: 'file://' }],
    ['an image on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['an image on a subdomain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    [
      'a page of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://evil.test' },
    ],
    [
      'a form on another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'https://evil.test' },
    ],
  ])('rejects requests from %s before anything is read', async (_source, headers) => {
    const { get, post, preflight, takeRequests } = await start()
    for (const response of [
      await get(headers),
      await post(headers),
      await post(headers, MUTATION),
      await post({ ...headers, 'content-type': 'text/plain' }, MUTATION),
      await post({ ...headers, accept: 'text/event-stream' }),
      await preflight(headers),
    ]) {
      expect(response.status).toBe(403)
      expect(corsHeaders(response)).toEqual({})
      expect(await response.json()).toEqual({
        errors: [
          {
            message:
              'Pages of this origin may not send requests to this gateway. Add the origin to its CORS origins to allow them.',
            extensions: { code: 'FORBIDDEN' },
          },
        ],
      })
    }
    expect(takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })
})

describe('a gateway with listed origins', () => {
  it('lets pages of exactly these origins read responses', async () => {
    const { get, post } = await start({ origins: ['https://first.example', LISTED] })
    for (const response of [await get({ origin: LISTED }), await post({ origin: LISTED })]) {
      expect(response.status).toBe(200)
      expect(corsHeaders(response)).toEqual({
        'access-control-allow-origin': LISTED,
        'access-control-expose-headers': 'retry-after, x-request-id',
      })
      expect(response.headers.get('vary')).toBe('Origin')
    }
  })

  it('lets them read error responses', async () => {
    const { post } = await start({ origins: [LISTED] })
    for (const response of [
      await post({ origin: LISTED, 'content-type': 'text/plain' }),
      await post({ origin: LISTED, accept: 'application/graphql-response+json' }, '{ nothing }'),
    ]) {
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.headers.get('access-control-allow-origin')).toBe(LISTED)
    }
  })

  it('answers their preflight without a credential, and lets them read a 401', async () => {
    const { post, preflight } = await start({ origins: [LISTED] }, () => null)
    expect((await preflight({ origin: LISTED })).status).toBe(204)
    const response = await post({ origin: LISTED })
    expect(response.status).toBe(401)
    expect(corsHeaders(response)).toMatchObject({ 'access-control-allow-origin': LISTED })
    expect((await post({ origin: 'https://other.example' })).status).toBe(403)
  })

  it('answers their preflight', async () => {
    const { preflight } = await start({ origins: [LISTED] })
    const response = await preflight({ origin: LISTED })
    expect(response.status).toBe(204)
    expect(corsHeaders(response)).toEqual({
      'access-control-allow-origin': LISTED,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type,authorization',
      'access-control-expose-headers': 'retry-after, x-request-id',
      'access-control-max-age': '600',
    })
    expect(response.headers.get('vary')).toBe('Origin, Access-Control-Request-Headers')
  })

  it.each([
    'https://evil.test',
    'http://app.example',
    'https://app.example:444',
    'https://app.example.evil.test',
    'https://evil.app.example',
    'https://APP.example',
    'https://app.example/',
    'null',
    '*',
  ])('still rejects %s', async (origin) => {
    const { get, post, preflight, takeRequests } = await start({ origins: [LISTED], credentials: true })
    for (const response of [await get({ origin }), await post({ origin }), await preflight({ origin })]) {
      expect(response.status).toBe(403)
      expect(corsHeaders(response)).toEqual({})
      expect(response.headers.get('vary')).toBe('Origin')
    }
    expect(takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('allows cookies when configured', async () => {
    const { post, preflight } = await start({ origins: [LISTED], credentials: true })
    for (const response of [await post({ origin: LISTED }), await preflight({ origin: LISTED })])
      expect(response.headers.get('access-control-allow-credentials')).toBe('true')
  })

  it('accepts WebSockets from the same origins only', async () => {
    const { gateway } = await start({ origins: [LISTED] })
    const { url, port } = await serve(gateway)
    const statusFor = async (origin: string) => (await handshake(url, undefined, { headers: { origin } }))[0]
    expect(await statusFor(LISTED)).toBe(101)
    expect(await statusFor(`http://127.0.0.1:${port}`)).toBe(101)
    for (const origin of ['https://evil.test', 'http://app.example', 'null', 'https://app.example.evil.test'])
      expect([origin, await statusFor(origin)]).toEqual([origin, 403])
  })
})

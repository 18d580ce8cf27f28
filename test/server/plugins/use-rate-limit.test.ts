import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../../src/auth/api-key.js'
import { createAuthenticate } from '../../../src/auth/authenticate.js'
import type { GatewayOptions } from '../../../src/gateway.js'
import { silentLog } from '../../../src/job/log.js'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { openRawClient, serve, openUnacknowledgedClient } from '../../support/websocket.js'

const LIMIT = 3
const QUERY = '{ vendors { reachable } }'

async function start(options: Partial<GatewayOptions> = {}) {
  const gateway = await openSandboxedForTest({ gateway: { limits: { operationsPerMinute: LIMIT }, ...options } })
  const { url } = await serve(gateway.gateway)
  const post = (headers: Record<string, string> = {}, query = QUERY) =>
    fetch(url.replace('ws', 'http'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    })
  return { ...gateway, url, post }
}

describe('a caller', () => {
  it('above the limit gets 429 with Retry-After, and nothing is sent to vendors', async () => {
    const { post, takeRequests } = await start()
    for (let count = 0; count < LIMIT; count++) expect((await post()).status).toBe(200)
    takeRequests()
    const response = await post()
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '20'])
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'You have sent too many operations; the limit is 3 per minute. Try again in 20 s.',
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 20 },
        },
      ],
    })
    const stream = await post({ accept: 'text/event-stream' })
    expect([stream.status, stream.headers.get('retry-after')]).toEqual([429, '20'])
    await stream.body?.cancel()
    expect(takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('is counted over HTTP and all WebSockets together', async () => {
    const { post, url, takeRequests } = await start()
    const [one, other] = [await openRawClient(url), await openRawClient(url)]
    one.subscribe('1', QUERY)
    expect((await one.next('1')).type).toBe('next')
    other.subscribe('1', QUERY)
    expect((await other.next('1')).type).toBe('next')
    expect((await post()).status).toBe(200)
    takeRequests()
    other.subscribe('2', QUERY)
    const { type, payload } = await other.next('2')
    expect(type).toBe('error')
    expect(payload).toEqual([expect.objectContaining({ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 20 } })])
    expect((await post()).status).toBe(429)
    expect(takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('is also counted for invalid operations', async () => {
    const { post } = await start()
    const statuses = []
    for (const query of ['{', '{ nothing }', '{ __typename }', '{', '{ __typename }'])
      statuses.push((await post({ accept: 'application/graphql-response+json' }, query)).status)
    expect(statuses).toEqual([400, 400, 200, 429, 429])
  })

  it('is not limited on /health', async () => {
    const { url } = await start()
    const health = url.replace('ws', 'http').replace('/graphql', '/health')
    for (let count = 0; count < 3 * LIMIT; count++) expect((await fetch(health)).status).toBe(200)
  })

  it('in the same process is not counted', async () => {
    const { query } = await start()
    for (let count = 0; count < 3 * LIMIT; count++) expect((await query(QUERY)).status).toBe(200)
  })

  it('is not counted without a limit', async () => {
    const gateway = await openSandboxedForTest({ gateway: { limits: { operationsPerMinute: null } } })
    const { url } = await serve(gateway.gateway)
    const client = await openRawClient(url)
    for (let count = 0; count < 650; count++) {
      client.subscribe(String(count), '{ __typename }')
      expect((await client.next(String(count))).type).toBe('next')
    }
  })
})

describe('authenticated callers', () => {
  const [ops, eye] = (['ops', 'eye'] as const).map((name) => createApiKey({ name, role: 'read' }))
  const authenticate = createAuthenticate({ keys: [ops!.entry, eye!.entry], tokens: null }, silentLog)
  const headersOf = ({ key }: { readonly key: string }) => ({ 'x-api-key': key })

  it('are counted separately behind one address, over HTTP and WebSocket together', async () => {
    const { post, url } = await start({ authenticate })
    const client = await openRawClient(url, { headers: headersOf(ops!) })
    client.subscribe('1', QUERY)
    expect((await client.next('1')).type).toBe('next')
    const statuses = []
    for (const caller of [ops!, ops!, ops!, eye!, eye!, eye!, eye!])
      statuses.push((await post(headersOf(caller))).status)
    expect(statuses).toEqual([200, 200, 429, 200, 200, 200, 429])
    client.subscribe('2', QUERY)
    expect((await client.next('2')).payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  })

  it('are counted by the identity from connection_init', async () => {
    const { post, url } = await start({ authenticate })
    const client = await openUnacknowledgedClient(url)
    client.send({ type: 'connection_init', payload: headersOf(ops!) })
    await client.next('connection_ack')
    for (let count = 0; count < LIMIT; count++) {
      client.subscribe(String(count), QUERY)
      expect((await client.next(String(count))).type).toBe('next')
    }
    expect((await post(headersOf(ops!))).status).toBe(429)
    expect((await post(headersOf(eye!))).status).toBe(200)
  })

  it('are not affected by unauthenticated requests from the same address', async () => {
    const { post } = await start({ authenticate })
    for (let count = 0; count < 3 * LIMIT; count++) expect((await post()).status).toBe(401)
    expect((await post(headersOf(ops!))).status).toBe(200)
  })
})

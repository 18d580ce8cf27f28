import { describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { handshake, serve } from '../../support/websocket.js'

async function start(): Promise<TestGateway & { readonly url: string; readonly port: number }> {
  const gateway = openGateway([])
  closeAfterTest(gateway.close)
  return { ...gateway, ...(await serve(gateway.gateway)) }
}

describe('a handshake', () => {
  it('is accepted without an Origin', async () => {
    const { url } = await start()
    expect(await handshake(url)).toEqual([101, ''])
    expect(await handshake(`${url}?a=b`)).toEqual([101, ''])
  })

  it.each([
    ['the same host and port', 'http://127.0.0.1:PORT', '127.0.0.1:PORT'],
    ['the same name', 'http://docket.test:81', 'docket.test:81'],
    ['the same name in another case', 'http://Docket.TEST', 'docket.test'],
    ['an implied port', 'http://docket.test', 'docket.test:80'],
    ['a proxy that ends TLS', 'https://docket.test', 'docket.test'],
    ['a proxy that ends TLS and sends its port', 'https://docket.test', 'docket.test:443'],
    ['an address of IPv6', 'http://[::1]:4000', '[::1]:4000'],
  ])('is accepted from a page of %s', async (_what, origin, host) => {
    const { url, port } = await start()
    const headers = { origin: origin.replace('PORT', String(port)), host: host.replace('PORT', String(port)) }
    expect(await handshake(url, undefined, { headers })).toEqual([101, ''])
  })

  it.each([
    ['another site', 'http://evil.test', 'docket.test'],
    ['another port', 'http://docket.test:3000', 'docket.test:4000'],
    ['the default port of the other scheme', 'https://docket.test', 'docket.test:80'],
    ['no port when the host has one', 'http://docket.test', 'docket.test:4000'],
    ['another name of the same machine', 'http://localhost:4000', '127.0.0.1:4000'],
    ['a subdomain', 'http://evil.docket.test', 'docket.test'],
    ['a site that starts with the same name', 'http://docket.test.evil.test', 'docket.test'],
    ['a site with the name as its user', 'http://docket.test@evil.test', 'docket.test'],
    ['an opaque origin', 'null', 'docket.test'],
    ['an opaque origin when the host is named null', 'null', 'null'],
    ['an invalid origin', 'docket.test', 'docket.test'],
    ['an empty origin', '', 'docket.test'],
    ['two sites', 'http://docket.test, http://evil.test', 'docket.test'],
    ['an extension', 'chrome-extension://docket.test', 'docket.test'],
    ['a site with an empty host', 'http://docket.test', ''],
  ])('is rejected from a page of %s', async (_what, origin, host) => {
    const { url, lines } = await start()
    const [status, body] = await handshake(url, undefined, { headers: { origin, host } })
    expect([status, body]).toEqual([
      403,
      'Pages of this origin may not connect. Add it to the CORS origins of the gateway to allow them.',
    ])
    expect(lines).toEqual([])
  })

  it.each(['/', '/graphqll', '/graphql/', '/graphql/x', '/health', '/ready', '//graphql', '/GraphQL'])(
    'is rejected at %s',
    async (path) => {
      const { port } = await start()
      expect(await handshake(`ws://127.0.0.1:${port}${path}`)).toEqual([
        404,
        'There is no WebSocket at this path. Connect to /graphql.',
      ])
    },
  )

  it.each([[[]], [['graphql-ws']], [['soap', 'graphql-ws']]])(
    'is rejected without the subprotocol: %j',
    async (offered) => {
      const { url } = await start()
      expect(await handshake(url, offered)).toEqual([
        400,
        'The WebSocket subprotocol is missing or unknown. Request graphql-transport-ws.',
      ])
    },
  )

  it('is accepted with the subprotocol among others', async () => {
    const { url } = await start()
    expect(await handshake(url, ['graphql-ws', 'graphql-transport-ws'])).toEqual([101, ''])
  })

  it('is rejected while the gateway drains', async () => {
    const { url, gateway } = await start()
    gateway.drain()
    expect(await handshake(url)).toEqual([503, 'The gateway is shutting down. Connect again.'])
  })

  it('is rejected after closeConnections', async () => {
    const { url, gateway } = await start()
    await gateway.closeConnections()
    expect((await handshake(url))[0]).toBe(503)
  })
})

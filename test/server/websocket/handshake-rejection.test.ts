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
  it('is taken from whoever is no browser', async () => {
    const { url } = await start()
    expect(await handshake(url)).toEqual([101, ''])
    expect(await handshake(`${url}?a=b`)).toEqual([101, ''])
  })

  it.each([
    ['the same host and port', 'http://127.0.0.1:PORT', '127.0.0.1:PORT'],
    ['the same name', 'http://docket.test:81', 'docket.test:81'],
    ['the same name, in other letters', 'http://Docket.TEST', 'docket.test'],
    ['a port that goes without saying', 'http://docket.test', 'docket.test:80'],
    ['a proxy that ends TLS', 'https://docket.test', 'docket.test'],
    ['one that names the port of TLS', 'https://docket.test', 'docket.test:443'],
    ['an address of IPv6', 'http://[::1]:4000', '[::1]:4000'],
  ])('is taken from a page of %s', async (_what, origin, host) => {
    const { url, port } = await start()
    const headers = { origin: origin.replace('PORT', String(port)), host: host.replace('PORT', String(port)) }
    expect(await handshake(url, undefined, { headers })).toEqual([101, ''])
  })

  it.each([
    ['another site', 'http://evil.test', 'docket.test'],
    ['another port', 'http://docket.test:3000', 'docket.test:4000'],
    ['a port that is the other scheme’s', 'https://docket.test', 'docket.test:80'],
    ['no port, where this has one', 'http://docket.test', 'docket.test:4000'],
    ['a name of the same machine', 'http://localhost:4000', '127.0.0.1:4000'],
    ['a site under it', 'http://evil.docket.test', 'docket.test'],
    ['a site that begins like it', 'http://docket.test.evil.test', 'docket.test'],
    ['a site with its name in front', 'http://docket.test@evil.test', 'docket.test'],
    ['nowhere', 'null', 'docket.test'],
    ['nowhere, where the host is called so', 'null', 'null'],
    ['something that is no address', 'docket.test', 'docket.test'],
    ['nothing', '', 'docket.test'],
    ['two sites', 'http://docket.test, http://evil.test', 'docket.test'],
    ['an extension', 'chrome-extension://docket.test', 'docket.test'],
    ['a site, to no host', 'http://docket.test', ''],
  ])('is refused from a page of %s', async (_what, origin, host) => {
    const { url, lines } = await start()
    const [status, body] = await handshake(url, undefined, { headers: { origin, host } })
    expect([status, body]).toEqual([403, 'The Origin of this page is not the Host that it asks for a WebSocket.'])
    expect(lines).toEqual([])
  })

  it.each(['/', '/graphqll', '/graphql/', '/graphql/x', '/health', '/ready', '//graphql', '/GraphQL'])(
    'is refused at %s',
    async (path) => {
      const { port } = await start()
      expect(await handshake(`ws://127.0.0.1:${port}${path}`)).toEqual([404, 'WebSockets are at /graphql.'])
    },
  )

  it.each([[[]], [['graphql-ws']], [['soap', 'graphql-ws']]])(
    'is refused without the subprotocol: %j',
    async (offered) => {
      const { url } = await start()
      expect(await handshake(url, offered)).toEqual([400, 'Ask for the WebSocket subprotocol graphql-transport-ws.'])
    },
  )

  it('is taken with the subprotocol among others', async () => {
    const { url } = await start()
    expect(await handshake(url, ['graphql-ws', 'graphql-transport-ws'])).toEqual([101, ''])
  })

  it('is refused while the gateway is stopping', async () => {
    const { url, gateway } = await start()
    gateway.drain()
    expect(await handshake(url)).toEqual([503, 'The gateway is stopping.'])
  })

  it('is refused by a gateway that has hung up', async () => {
    const { url, gateway } = await start()
    await gateway.closeConnections()
    expect((await handshake(url))[0]).toBe(503)
  })
})

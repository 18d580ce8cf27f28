import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { serve } from '../support/served-gateway.js'

const QUERY = '?query={__typename}'

/** What comes back for a GET of this target, with this Host, byte for byte. */
async function get(target: string, host: string | null): Promise<string> {
  const { gateway } = await openSandboxedForTest()
  const { port } = await serve(gateway)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const version = host === null ? '1.0' : '1.1'
  socket.write(
    [`GET ${target} HTTP/${version}`, ...(host === null ? [] : [`host: ${host}`]), 'connection: close', '', ''].join(
      '\r\n',
    ),
  )
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

describe('a request over a socket', () => {
  it.each([
    ...[
      'a b',
      '[',
      '[]',
      '[::1',
      'a/b',
      'a?b',
      'a#b',
      'a@b',
      'a\\b',
      '%',
      'a:b',
      'a:99999',
      '256.1.1.1',
      'é',
      '"',
      '<a>',
    ],
    ...['x/graphql?', 'x/graphql#', `x/graphql${QUERY}&y=`],
  ])('with the Host %j is refused, and nothing is said of the inside', async (host) => {
    for (const target of ['/health', `/graphql${QUERY}`, '/webhooks/cortex/x']) {
      const answer = await get(target, host)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toMatch(/\{"errors":\[\{"message":"[^"]+","extensions":\{"code":"BAD_INPUT"\}\}\]\}/)
    }
  })

  it.each(['*', 'graphql', 'ftp://a.test/graphql', '?query={__typename}', 'http://', 'http:///', 'https://a.test'])(
    'for %j is refused, and nothing is said of the inside',
    async (target) => {
      const answer = await get(target, 'a.test')
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(answer).not.toMatch(/\bat |node_modules|TypeError/)
    },
  )

  it.each(['localhost', 'a.test:4000', '127.0.0.1', '[::1]', '[::1]:4000', 'gate_way', 'a.test:', '', null])(
    'is answered when its Host is %j',
    async (host) => {
      expect(await get(`/graphql${QUERY}`, host)).toContain('{"data":{"__typename":"Query"}}')
    },
  )

  it('is answered when it is written as proxies are asked', async () => {
    expect(await get(`http://b.test/graphql${QUERY}`, 'a.test')).toContain('{"data":{"__typename":"Query"}}')
  })
})

import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGateway, type Gateway, type GatewayOptions } from '../src/gateway.js'
import type { Vendor } from '../src/job/vendor.js'
import { openGateway } from './support/gateway.js'

let closed = 0
const SECRET = 'hunter2'

/** A vendor that fails in a way nobody foresaw as soon as it is used. */
const broken: Vendor = {
  name: 'KODEXA',
  mode: 'LIVE',
  credentialKey: 'test',
  jobTypes: ['Execution'],
  open() {
    throw new TypeError(SECRET)
  },
  circuit: () => 'CLOSED',
  budget: () => Promise.resolve(null),
  close() {
    closed++
    return Promise.resolve()
  },
}

let gateway: Gateway
beforeEach(() => {
  closed = 0
  gateway = open()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await gateway.close()
})

function open(options: Partial<GatewayOptions> = {}): Gateway {
  return createGateway({ vendors: [broken], ...options })
}

const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.fetch(new Request(`http://gateway.test${path}`, { headers }))
const post = (body: BodyInit, init: object = {}) =>
  gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      ...init,
    }),
  )

/** An operation of exactly so many bytes. */
function operationOf(bytes: number): string {
  const frame = JSON.stringify({ query: '{ __typename }', variables: { pad: '' } })
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`)
}

describe('routes', () => {
  it('/health returns 200', async () => expect((await get('/health')).status).toBe(200))

  it('/ready returns 200', async () => expect((await get('/ready')).status).toBe(200))

  it('/graphql executes operations', async () => {
    const response = await post('{"query":"{ __typename }"}')
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }])
  })

  it.each(['/', '/graphiql', '/health/x', '/.env', '/graphql/..%2f'])('%s is not found', async (path) => {
    expect((await get(path)).status).toBe(404)
  })
})

describe('drain', () => {
  it('makes /ready fail while /health and operations still succeed', async () => {
    gateway.drain()
    expect((await get('/ready')).status).toBe(503)
    expect((await get('/ready')).status).toBe(503)
    expect((await get('/health')).status).toBe(200)
    expect((await post('{"query":"{ __typename }"}')).status).toBe(200)
  })

  it('does not affect other gateways', async () => {
    const other = open()
    other.drain()
    expect((await get('/ready')).status).toBe(200)
    await other.close()
  })
})

describe('close', () => {
  it('closes every vendor', async () => {
    const two = open({ vendors: [broken, { ...broken, name: 'CORTEX' }] })
    await two.close()
    expect(closed).toBe(2)
  })
})

describe('a request body', () => {
  it('of one megabyte is accepted', async () => {
    expect((await post(operationOf(1_000_000))).status).toBe(200)
  })

  it('over the limit is rejected with 413', async () => {
    const response = await post(operationOf(1_000_001))
    expect(response.status).toBe(413)
    expect(await response.text()).not.toContain('xxx')
  })

  it('over the limit is rejected with 413 without a content-length', async () => {
    const chunk = new TextEncoder().encode(operationOf(600_000))
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(chunk)
        controller.enqueue(chunk)
        controller.close()
      },
    })
    expect((await post(body, { duplex: 'half' })).status).toBe(413)
  })

  it.each(['10', 'few', '-1', '10, 10'])(
    'of more is refused with 413 although it says that it is %s long',
    async (length) => {
      const headers = { 'content-type': 'application/json', 'content-length': length }
      expect((await post(operationOf(1_000_001), { headers })).status).toBe(413)
    },
  )

  it('over the limit is rejected with 413 over a socket, from its content-length alone', async () => {
    const server = createServer(gateway.listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const status = (headers: Record<string, string>, body: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sending = httpRequest(
          {
            port,
            host: '127.0.0.1',
            path: '/graphql',
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
          },
          (response) => {
            resolve(response.statusCode)
            sending.destroy()
          },
        )
        sending.on('error', reject)
        sending.write(body)
        if (headers['content-length'] === undefined) sending.end()
      })
    expect(await status({ 'transfer-encoding': 'chunked' }, operationOf(1_200_000))).toBe(413)
    expect(await status({ 'content-length': '5000000' }, '{')).toBe(413)
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  })

  it.each([
    '',
    '{',
    'null',
    '5',
    '"query"',
    '[]',
    '{"query":5}',
    '{"variables":{}}',
    '{"query":"{ __typename }","variables":"x"}',
  ])('that is no operation is refused: %j', async (body) => {
    const response = await post(body)
    const { errors, data } = (await response.json()) as { errors: { extensions?: { code?: string } }[]; data?: unknown }
    expect(errors.length).toBeGreaterThan(0)
    expect(errors[0]?.extensions?.code).not.toBe('INTERNAL')
    expect(data).toBeUndefined()
  })
})

describe('an unexpected error', () => {
  it.each(['production', 'development', 'test', ''])('is masked when NODE_ENV is %j', async (env) => {
    vi.stubEnv('NODE_ENV', env)
    const opened = openGateway([broken])
    const { status, text, data, errors } = await opened.query(
      '{ execution(by: { executionId: "a" }) { id } jobs { nodes { id } } }',
    )
    expect([status, data]).toEqual([200, null])
    expect(new Set(errors.map(({ extensions }) => JSON.stringify(extensions)))).toEqual(
      new Set(['{"code":"INTERNAL"}']),
    )
    expect(text).not.toMatch(/hunter2|TypeError|originalError|stack|gateway\.test\.ts/)
    expect(
      opened.lines.some(
        ({ level, fields }) => level === 'error' && (fields as { err?: { type: string } }).err?.type === 'TypeError',
      ),
    ).toBe(true)
    expect(JSON.stringify(opened.lines)).not.toContain('hunter2')
    await opened.close()
  })

  it('writes nothing to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    await (await post('{"query":"{ execution(by: { executionId: \\"a\\" }) { id } }"}')).text()
    const calls = spies.flatMap((spy) => spy.mock.calls)
    for (const spy of spies) spy.mockRestore()
    expect(calls).toEqual([])
  })
})

describe('GraphiQL', () => {
  const HTML = { accept: 'text/html' }
  // The page has megabytes of script, which no failure should print.
  const titleOf = (page: string) => /<title>(.*?)<\/title>/.exec(page)?.[1]

  it('is served to browsers', async () => {
    const response = await get('/graphql', HTML)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(titleOf(await response.text())).toBe('Docket')
  })

  it('shows that all vendors are sandboxes', async () => {
    const sandboxed = open({ vendors: [{ ...broken, mode: 'SANDBOX' }] })
    const response = await sandboxed.fetch(new Request('http://gateway.test/graphql', { headers: HTML }))
    expect(titleOf(await response.text())).toContain('SANDBOX')
    await sandboxed.close()
  })

  it('is not served when it is off, nor is any other page', async () => {
    gateway = open({ graphiql: false })
    for (const path of ['/graphql', '/']) {
      const response = await get(path, HTML)
      expect(response.ok).toBe(false)
      expect(await response.text()).not.toContain('<')
    }
    expect((await post('{"query":"{ __typename }"}')).status).toBe(200)
  })
})

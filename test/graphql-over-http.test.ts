import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auditServer, serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/auth/api-key.js'
import { createAuthenticate } from '../src/auth/authenticate.js'
import { readConfig } from '../src/config/config.js'
import type { GatewayOptions } from '../src/gateway.js'
import { silentLog } from '../src/job/log.js'
import { openSandboxedGateway, type SandboxedGateway } from './support/sandboxes.js'

const callers = {
  cancel: createApiKey({ name: 'ops', role: 'cancel' }),
  admin: createApiKey({ name: 'root', role: 'admin' }),
}

/** As it is set in production where nothing is said but what has to be. */
function inProduction(): Partial<GatewayOptions> {
  const { auth, limits, cors, graphiql, introspection, persistedOperations } = readConfig({
    NODE_ENV: 'production',
    DOCKET_SANDBOX: 'true',
    GATEWAY_AUTH: 'keys',
    GATEWAY_API_KEYS: JSON.stringify(Object.values(callers).map(({ entry }) => entry)),
  })
  const authenticate = createAuthenticate(auth, silentLog)
  return { authenticate, limits, cors, graphiql, introspection, persistedOperations }
}

/** How many audits there are of each kind, so that none gets lost. */
const AUDITS = { MUST: 13, SHOULD: 23, MAY: 25 }

/** Four audits that send variables do so in a question about the schema, which not everybody may ask in production. */
const OF_THE_SCHEMA = { document: 'query Type($name: String!) { __type(name: $name) { name } }', audits: 4 }
const OF_RECORDS = 'query Type($name: String!) { records(collectionId: "col_invoices", search: $name) { totalCount } }'

interface Setting {
  readonly which: string
  readonly settings: () => Partial<GatewayOptions>
  readonly headers: Readonly<Record<string, string>>
  readonly document: string
}

const SETTINGS: readonly Setting[] = [
  { which: 'as it comes', settings: () => ({}), headers: {}, document: OF_THE_SCHEMA.document },
  {
    which: 'in production, to an admin',
    settings: inProduction,
    headers: { authorization: `Bearer ${callers.admin.key}` },
    document: OF_THE_SCHEMA.document,
  },
  {
    which: 'in production, to somebody who may cancel, with variables in a question that they may ask',
    settings: inProduction,
    headers: { 'x-api-key': callers.cancel.key },
    document: OF_RECORDS,
  },
]

describe.each(SETTINGS)('GraphQL over HTTP, over a socket, $which', ({ settings, headers, document }) => {
  let sandboxed: SandboxedGateway
  let server: Server
  beforeAll(async () => {
    sandboxed = await openSandboxedGateway({ gateway: settings() })
    server = createServer(sandboxed.gateway.listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await sandboxed.close()
  })

  const options = {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    fetchFn: (url: string, init?: RequestInit) => {
      const asked = new URL(url)
      if (asked.searchParams.get('query') === OF_THE_SCHEMA.document) asked.searchParams.set('query', document)
      const body =
        typeof init?.body === 'string'
          ? init.body.replace(OF_THE_SCHEMA.document, JSON.stringify(document).slice(1, -1))
          : null
      return fetch(asked, { ...init, body, headers: { ...(init?.headers as Record<string, string>), ...headers } })
    },
  }

  for (const { name, fn } of serverAudits(options)) {
    it(name, async () => {
      expect(await fn()).toMatchObject({ status: 'ok' })
    })
  }

  it('is audited in full', async () => {
    let ofTheSchema = 0
    const count = (url: string, init?: RequestInit) => {
      const asked = [new URL(url).searchParams.get('query'), init?.body]
      if (asked.some((text) => typeof text === 'string' && text.includes(OF_THE_SCHEMA.document))) ofTheSchema++
      return options.fetchFn(url, init)
    }
    const results = await auditServer({ ...options, fetchFn: count })
    const of = (level: string) => results.filter(({ name }) => name.startsWith(`${level} `)).length
    expect({ MUST: of('MUST'), SHOULD: of('SHOULD'), MAY: of('MAY') }).toEqual(AUDITS)
    expect(results.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual([])
    expect(ofTheSchema).toBe(OF_THE_SCHEMA.audits)
  })
})

import { once } from 'node:events'
import { createServer, request as httpRequest, Agent, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApiKey } from '../../src/auth/api-key.js'
import { createAuthenticate } from '../../src/auth/authenticate.js'
import { silentLog } from '../../src/job/log.js'
import { openGateway, type TestGateway } from './gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type ScriptedVendor } from './scripted-vendor.js'

export interface HttpRequest {
  readonly method?: string
  /** Default: `/graphql`. */
  readonly path?: string
  /** Besides the credential, which an undefined `x-api-key` leaves out. */
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

export interface HttpResponse {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** A gateway in production, on a port, in front of vendors that know nothing and remember what they were asked. */
export interface ExposedGateway extends Pick<TestGateway, 'lines'> {
  readonly port: number
  /** Of a caller who may cancel. */
  readonly key: string
  readonly vendors: { readonly cortex: ScriptedVendor; readonly kodexa: ScriptedVendor }
  /** The requests to vendors so far. */
  calls(): number
  send(sent: HttpRequest): Promise<HttpResponse>
  /** An operation, as clients send it. */
  ask(params: object, accept?: string): Promise<HttpResponse>
  close(): Promise<void>
}

export async function openExposedGateway(): Promise<ExposedGateway> {
  const caller = createApiKey({ name: 'ops', role: 'cancel' })
  const cortex = await startScriptedVendor(json(404, { status: 404, message: 'Not found' }))
  const kodexa = await startScriptedVendor(json(404, { message: 'Not found' }))
  const opened = openGateway((log) => [cortexAt(cortex.url, {}, { log }), kodexaAt(kodexa.url, {}, { log })], {
    authenticate: createAuthenticate({ keys: [caller.entry], tokens: null }, silentLog),
    graphiql: false,
    cors: { origins: ['https://app.example'], credentials: true },
    introspection: false,
    // The tests are one caller, who sends more than anybody may.
    limits: { operationsPerMinute: null },
    pollMs: 5,
    outageGraceMs: 0,
  })
  const server = createServer(opened.gateway.listener).on('upgrade', opened.gateway.upgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })

  function send(sent: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const { method = 'POST', path = '/graphql', headers, body } = sent
      const all = { 'x-api-key': caller.key, ...headers }
      const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
      const request = httpRequest({ port, host: '127.0.0.1', agent, method, path, headers: known }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            status: response.statusCode!,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      // A connection that was kept may be closed just when it is used again.
      request.once('error', (error) => (request.reusedSocket ? resolve(send(sent)) : reject(error)))
      request.end(body)
    })
  }

  return {
    lines: opened.lines,
    port,
    key: caller.key,
    vendors: { cortex, kodexa },
    calls: () => cortex.requests.length + kodexa.requests.length,
    send,
    ask: (params, accept = 'application/graphql-response+json') =>
      send({ headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(params) }),
    async close() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await opened.close()
      await Promise.all([cortex.close(), kodexa.close()])
    },
  }
}

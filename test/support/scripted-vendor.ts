import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSharedState, type SharedState } from '../../src/reads/shared-state.js'
import type { ConnectOptions } from '../../src/vendors/module.js'
import { silentLog } from '../../src/job/log.js'
import type { Vendor } from '../../src/job/vendor.js'
import { connectCortex } from '../../src/vendors/cortex/index.js'
import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import { connectKodexa } from '../../src/vendors/kodexa/index.js'
import type { KodexaSettings } from '../../src/vendors/kodexa/settings.js'
import { Secret } from '../../src/job/secret.js'

/** Each read goes to the vendor, as for the first one to ask. */
export function emptySharedState(): SharedState {
  return createSharedState({ terminalMs: 0, liveMs: 0, log: silentLog })
}

export const API_KEY = 'key-that-must-never-show'

/** Answers a request in whatever way a vendor could, well or badly. */
export type Script = (request: IncomingMessage, response: ServerResponse) => void

export interface ScriptedVendor {
  readonly url: URL
  /** `PUT /api/executions/1/cancel`, oldest first. */
  readonly requests: readonly string[]
  readonly headers: readonly IncomingMessage['headers'][]
  /** From now on it answers so. */
  answer(script: Script): void
  close(): Promise<void>
}

/** An HTTP server on loopback that does what each test tells it: the place for faults that the sandboxes do not have. */
export async function startScriptedVendor(script: Script = json(404, {})): Promise<ScriptedVendor> {
  const requests: string[] = []
  const headers: IncomingMessage['headers'][] = []
  let current = script
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    headers.push(request.headers)
    current(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests,
    headers,
    answer(next) {
      current = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** Answers this text, whatever it is. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Script {
  return (_request, response) => response.writeHead(status, headers).end(body)
}

/** Takes the request and closes the connection without an answer. */
export const resetConnection: Script = (request) => void request.socket.destroy()

/** Takes the request and never answers. */
export const hang: Script = () => {}

/** By `METHOD /path` (without query), the first that fits; a RegExp source may be given. */
export function byRoute(routes: Readonly<Record<string, Script>>): Script {
  return (request, response) => {
    const line = `${request.method} ${request.url?.split('?')[0]}`
    const route = Object.keys(routes).find((pattern) => new RegExp(`^${pattern}$`).test(line))
    ;(route ? routes[route]! : json(404, { status: 404, message: 'Not found' }))(request, response)
  }
}

/** The answers one after the other; the last one stays. */
export function inSequence(...scripts: readonly Script[]): Script {
  let turn = 0
  return (request, response) => scripts[Math.min(turn++, scripts.length - 1)]!(request, response)
}

export function cortexAt(
  url: URL,
  settings: Partial<CortexSettings> = {},
  options: Partial<ConnectOptions> = {},
): Vendor {
  return connectCortex(
    {
      baseUrl: url,
      apiKey: new Secret(API_KEY),
      appId: 'c',
      collectionIds: ['col_1'],
      workflowIds: ['work_1'],
      headers: {},
      timeoutMs: 2000,
      maxRetries: 0,
      requestsPerMinute: null,
      ...settings,
    },
    { log: silentLog, mode: 'LIVE', sharedState: emptySharedState(), ...options },
  )
}

export function kodexaAt(
  url: URL,
  settings: Partial<KodexaSettings> = {},
  options: Partial<ConnectOptions> = {},
): Vendor {
  return connectKodexa(
    {
      baseUrl: url,
      apiKey: new Secret(API_KEY),
      authHeader: 'x-api-key',
      headers: {},
      timeoutMs: 2000,
      maxRetries: 0,
      requestsPerMinute: null,
      dialect: { filter: null, sort: 'comma', pageBase: null },
      ...settings,
    },
    { log: silentLog, mode: 'LIVE', sharedState: emptySharedState(), ...options },
  )
}

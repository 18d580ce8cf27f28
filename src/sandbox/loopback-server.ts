import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import createRouter, { type HTTPMethod } from 'find-my-way'

export interface LoopbackRequest {
  readonly method: string
  /** Path and query exactly as sent. */
  readonly url: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
}

export interface LoopbackResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; undefined sends no body. */
  readonly body?: unknown
}

export type LoopbackHandler = (request: LoopbackRequest) => LoopbackResponse

export interface LoopbackOptions {
  /** Handlers by method and path: `GET /apps/:app/records/:record`. */
  readonly routes: Readonly<Record<string, LoopbackHandler>>
  /** Runs before every handler. A response replaces the handler's; null lets the request pass. */
  readonly guard: (request: LoopbackRequest) => LoopbackResponse | null
  /** Handles requests that match no route. */
  readonly notFound: LoopbackHandler
}

export interface LoopbackServer {
  readonly url: URL
  /** The newest 1,000 requests, oldest first. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

const MAX_RECORDED_REQUESTS = 1000

/** Starts a JSON server on a free port of 127.0.0.1, so that clients of a sandbox use real sockets and timeouts. */
export async function startLoopbackServer({ routes, guard, notFound }: LoopbackOptions): Promise<LoopbackServer> {
  const requests: LoopbackRequest[] = []
  const router = createRouter({ defaultRoute: (req, res) => respond(req, res, {}, notFound) })
  for (const [route, handler] of Object.entries(routes)) {
    const [method, path] = route.split(' ') as [HTTPMethod, string]
    router.on(method, path, (req, res, params) => respond(req, res, params, handler))
  }

  function respond(
    req: IncomingMessage,
    res: ServerResponse,
    params: Record<string, string | undefined>,
    handler: LoopbackHandler,
  ): void {
    req.resume()
    const { method = 'GET', url = '/', headers } = req
    const query = new URLSearchParams(url.split('?', 2)[1])
    const request: LoopbackRequest = { method, url, params: params as Record<string, string>, query, headers }
    if (requests.push(request) > MAX_RECORDED_REQUESTS) requests.shift()
    const response = guard(request) ?? handler(request)
    res.writeHead(response.status, { 'content-type': 'application/json; charset=utf-8', ...response.headers })
    res.end(response.body === undefined ? undefined : JSON.stringify(response.body))
  }

  const server = createServer((req, res) => {
    router.lookup(req, res)
  })
  await listen(server)
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests,
    close: () => close(server),
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

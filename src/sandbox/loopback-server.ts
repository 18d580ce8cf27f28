import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import createRouter, { type HTTPMethod } from 'find-my-way'

export interface LoopbackRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
}

export interface LoopbackReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; undefined sends no body. */
  readonly body?: unknown
}

export type LoopbackHandler = (request: LoopbackRequest) => LoopbackReply

export interface LoopbackOptions {
  /** `GET /apps/:app/records/:record` to what answers it. */
  readonly routes: Readonly<Record<string, LoopbackHandler>>
  /** Answers instead of the route when it gives a reply: the place for authentication. */
  readonly guard: (request: LoopbackRequest) => LoopbackReply | null
  /** Answers what no route does. */
  readonly notFound: LoopbackHandler
}

export interface LoopbackServer {
  readonly url: URL
  /** The newest requests, oldest first, at most a thousand. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

const MAX_REMEMBERED_REQUESTS = 1000

/** A JSON server on a free port of 127.0.0.1: what the sandboxes are reached through, so that sockets and timeouts are real. */
export async function startLoopbackServer({ routes, guard, notFound }: LoopbackOptions): Promise<LoopbackServer> {
  const requests: LoopbackRequest[] = []
  const router = createRouter({ defaultRoute: (req, res) => answer(req, res, {}, notFound) })
  for (const [route, handler] of Object.entries(routes)) {
    const [method, path] = route.split(' ') as [HTTPMethod, string]
    router.on(method, path, (req, res, params) => answer(req, res, params, handler))
  }

  function answer(
    req: IncomingMessage,
    res: ServerResponse,
    params: Record<string, string | undefined>,
    handler: LoopbackHandler,
  ): void {
    req.resume()
    const url = req.url ?? '/'
    const request: LoopbackRequest = {
      method: req.method ?? 'GET',
      url,
      params: params as Record<string, string>,
      query: new URLSearchParams(url.split('?', 2)[1]),
      headers: req.headers,
    }
    if (requests.push(request) > MAX_REMEMBERED_REQUESTS) requests.shift()
    const reply = guard(request) ?? handler(request)
    res.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...reply.headers })
    res.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
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

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  /** Decoded path segments. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** `GET /api/executions?page=1`, as it was sent. */
  readonly line: string
  /** The length of its body in bytes. */
  readonly bytes: number
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent as it is, anything else as JSON, undefined as nothing. */
  readonly body?: unknown
}

export interface Listener {
  readonly url: URL
  /** Everything it was sent, oldest first. */
  readonly seen: readonly SeenRequest[]
  close(): Promise<void>
}

/** A server on a free port of the loopback interface. */
export async function listen(handle: (request: SeenRequest) => Reply): Promise<Listener> {
  const seen: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length))
    incoming.on('end', () => {
      const request = read(incoming, bytes)
      seen.push(request)
      send(response, handle(request))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function read(incoming: IncomingMessage, bytes: number): SeenRequest {
  const [path = '', query = ''] = (incoming.url ?? '').split('?', 2)
  return {
    method: incoming.method ?? '',
    path: path.split('/').slice(1).map(decodeURIComponent),
    query: new URLSearchParams(query),
    headers: incoming.headers,
    line: `${incoming.method} ${incoming.url}`,
    bytes,
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const type = typeof body === 'string' ? (body.startsWith('<') ? 'text/html' : 'text/plain') : 'application/json'
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': type }), ...headers })
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
}

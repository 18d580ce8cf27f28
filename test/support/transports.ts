import { openRawClient, serve } from './websocket.js'
import type { TestGateway } from './gateway.js'

/** The ways in which an operation can come. */
export const TRANSPORTS = ['POST', 'GET', 'SSE', 'WebSocket'] as const
export type Transport = (typeof TRANSPORTS)[number]

export interface TransportResponse {
  /** Null where there is no such thing. */
  readonly status: number | null
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

export interface OperationParams {
  readonly query?: string
  readonly variables?: object
  readonly extensions?: object
  readonly operationName?: string
}

/** The first answer to an operation that comes in this way. */
export async function sendOperation(
  { gateway }: Pick<TestGateway, 'gateway'>,
  way: Transport,
  asked: OperationParams,
): Promise<TransportResponse> {
  if (way === 'WebSocket') {
    const client = await openRawClient((await serve(gateway)).url)
    // The protocol wants a document, even an empty one.
    client.send({ type: 'subscribe', id: '1', payload: { query: '', ...asked } })
    const { type, payload } = await client.next('1')
    client.socket.close()
    return { status: null, ...((type === 'error' ? { errors: payload } : payload) as object) }
  }
  const leaving = new AbortController()
  const response = await gateway.fetch(requestOf(way, asked, leaving.signal))
  const body = way === 'SSE' ? await firstEvent(response) : await response.text()
  leaving.abort()
  return { status: response.status, ...(JSON.parse(body) as object) }
}

function requestOf(way: Exclude<Transport, 'WebSocket'>, asked: OperationParams, signal: AbortSignal): Request {
  const url = 'http://gateway.test/graphql'
  if (way === 'GET') {
    const parts = Object.entries(asked).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    return new Request(`${url}?${new URLSearchParams(parts).toString()}`)
  }
  return new Request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: way === 'SSE' ? 'text/event-stream' : 'application/graphql-response+json',
    },
    body: JSON.stringify(asked),
    signal,
  })
}

async function firstEvent(response: Response): Promise<string> {
  let text = ''
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const data = /^data: (.+)$/m.exec(text)?.[1]
    if (data !== undefined) return data
  }
  throw new Error(`No event came: ${text}`)
}

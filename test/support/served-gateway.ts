import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Gateway } from '../../src/gateway.js'
import { closeAfterTest } from './close-after-test.js'

/** A gateway that listens. */
export interface ServedGateway {
  readonly url: string
  readonly port: number
}

/** Serves the gateway on a free port, for the running test. */
export async function serve({ listener }: Pick<Gateway, 'listener'>): Promise<ServedGateway> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfterTest(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/graphql`, port }
}

/** What one answer, or one event of a subscription, says. */
export interface StreamEvent {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is the subscription's
  readonly data?: any
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

export interface EventStream {
  /** The next event; null when the stream has ended. */
  next(): Promise<StreamEvent | null>
  /** The events from here to the end. */
  rest(): Promise<StreamEvent[]>
  disconnect(): void
}

/** A subscription over server-sent events, for the running test at most. */
export async function subscribeTo(url: string, query: string, variables: object = {}): Promise<EventStream> {
  const leaving = new AbortController()
  closeAfterTest(() => Promise.resolve(leaving.abort()))
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  })
  const events = eventsIn(response.body!)
  return {
    next: async () => (await events.next()).value ?? null,
    async rest() {
      const all: StreamEvent[] = []
      for await (const event of events) all.push(event)
      return all
    },
    disconnect: () => leaving.abort(),
  }
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop()!
    yield* blocks.flatMap(readBlock)
  }
}

/** Comments and the end say nothing. */
function readBlock(block: string): StreamEvent[] {
  const data = /^event: next\ndata: (.*)$/m.exec(block)?.[1]
  return data === undefined ? [] : [JSON.parse(data) as StreamEvent]
}

/** A subscriber that sends the request and reads nothing until it is resumed. */
export async function subscribeRaw({ port }: ServedGateway, query: string, variables: object = {}): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.pause()
  socket.on('error', () => {})
  closeAfterTest(() => Promise.resolve(void socket.destroy()))
  await once(socket, 'connect')
  const body = JSON.stringify({ query, variables })
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      'host: gateway.test',
      'content-type: application/json',
      'accept: text/event-stream',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  return socket
}

/** Sends an operation over a socket. */
export async function fetchOperation(
  url: string,
  query: string,
  variables: object = {},
  signal?: AbortSignal,
): Promise<StreamEvent> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  })
  return (await response.json()) as StreamEvent
}

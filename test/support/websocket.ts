import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client, type ClientOptions } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions as HandshakeOptions } from 'ws'
import type { Gateway } from '../../src/gateway.js'

export interface ServedGateway {
  /** `ws://127.0.0.1:…/graphql` */
  readonly url: string
  readonly port: number
  readonly server: Server
}

/** The gateway on a port of its own, for the running test. */
export async function serve(gateway: Pick<Gateway, 'listener' | 'upgrade'>): Promise<ServedGateway> {
  const server = createServer(gateway.listener).on('upgrade', gateway.upgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `ws://127.0.0.1:${port}/graphql`, port, server }
}

/** The client that people use, which connects when it has something to ask. It does not come back unless told to. */
export function clientOf(url: string, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })
  onTestFinished(async () => {
    await client.dispose()
  })
  return client
}

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: any // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A client that says only what a test has it say. */
export interface RawClient {
  readonly socket: WebSocket
  /** All that has come, oldest first. */
  readonly messages: readonly Message[]
  /** The code with which it was closed, and the reason. */
  readonly closed: Promise<readonly [code: number, reason: string]>
  send(message: object | string): void
  subscribe(id: string, query: string, variables?: object): void
  /** The first message about this operation, or of this type, that has not been asked for yet. */
  next(idOrType: string): Promise<Message>
}

/** A client of the protocol whose connection stands. */
export async function openRawClient(url: string, options: HandshakeOptions = {}): Promise<RawClient> {
  const client = await openUnacknowledgedClient(url, options)
  client.send({ type: 'connection_init' })
  await client.next('connection_ack')
  return client
}

/** The same before it has said who it is. */
export async function openUnacknowledgedClient(url: string, options: HandshakeOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, 'graphql-transport-ws', options)
  onTestFinished(() => socket.terminate())
  const messages: Message[] = []
  const unread: Message[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    messages.push(message)
    unread.push(message)
    waiting.forEach((look) => look())
  })
  const closed = new Promise<readonly [number, string]>((resolve) =>
    socket.once('close', (code, reason) => resolve([code, reason.toString()])),
  )
  await once(socket, 'open')
  const send = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return {
    socket,
    messages,
    closed,
    send,
    subscribe: (id, query, variables) => send({ type: 'subscribe', id, payload: { query, variables } }),
    next: (idOrType) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const index = unread.findIndex(({ id, type }) => (id ?? type) === idOrType)
          if (index < 0) return
          waiting.delete(look)
          resolve(unread.splice(index, 1)[0]!)
        }
        waiting.add(look)
        void closed.then((code) => reject(new Error(`It was closed: ${code.join(' ')}`)))
        look()
      }),
  }
}

/** What a handshake is answered with: 101, or why it is refused. */
export function handshake(
  url: string,
  protocols: string[] = ['graphql-transport-ws'],
  options: HandshakeOptions = {},
): Promise<readonly [status: number | undefined, body: string]> {
  const socket = new WebSocket(url, protocols, options)
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate()
      resolve([101, ''])
    })
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.once('end', () => resolve([response.statusCode, body]))
    })
    socket.once('error', reject)
  })
}

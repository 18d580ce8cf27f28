import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { isValidJobId, jobIds } from '../support/bad-ids.js'
import { expectMaskedErrors, type ReturnedError } from '../support/masked-errors.js'
import { openExposedGateway, type ExposedGateway } from '../support/exposed-gateway.js'
import { messages, subscribeMessages } from '../support/hostile-messages.js'

let gateway: ExposedGateway
beforeAll(async () => {
  gateway = await openExposedGateway()
})
afterAll(() => gateway.close())

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly errors?: readonly ReturnedError[] } | readonly ReturnedError[]
}

/** What comes back on a connection on which these are sent; the code with which it was closed, or null. */
async function converse(
  sent: readonly (string | Buffer)[],
  isInitialised = true,
): Promise<{ received: Message[]; code: number | null }> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/graphql`, 'graphql-transport-ws', {
    headers: { 'x-api-key': gateway.key },
  })
  const received: Message[] = []
  let code: number | null = null
  const closed = new Promise<void>((resolve) =>
    socket.once('close', (reason) => {
      code ??= reason
      resolve()
    }),
  )
  await once(socket, 'open')
  let acknowledge = () => {}
  const acknowledged = new Promise<void>((resolve) => (acknowledge = resolve))
  // No timeout is needed: input without a response closes the connection.
  const pending = new Set([
    'last',
    ...(isInitialised ? ['connection_ack'] : []),
    ...sent.map(operationIn).filter((id) => id !== null),
  ])
  const done = new Promise<void>((resolve) =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      const isLast = message.type === 'pong' && (message.payload as { last?: boolean } | undefined)?.last
      if (!isLast) received.push(message)
      pending.delete(isLast ? 'last' : (message.id ?? message.type))
      if (message.type === 'connection_ack') acknowledge()
      if (pending.size === 0) resolve()
    }),
  )
  if (isInitialised) {
    socket.send('{"type":"connection_init"}')
    await acknowledged
  }
  for (const message of sent) socket.send(message)
  socket.send(JSON.stringify({ type: 'ping', payload: { last: true } }))
  await Promise.race([done, closed])
  if (socket.readyState === WebSocket.OPEN) {
    code = -1
    socket.close()
  }
  await closed
  return { received, code: code === -1 ? null : code }
}

/** Returns the errors of an `error` or `next` message. */
function errorsIn({ type, payload }: Message): readonly ReturnedError[] {
  if (type === 'error') return payload as readonly ReturnedError[]
  return (type === 'next' && (payload as { errors?: readonly ReturnedError[] }).errors) || []
}

/** Returns the id of a well-formed `subscribe` message; null otherwise. */
function operationIn(message: string | Buffer): string | null {
  return /^\{"type":"subscribe","id":"([\da-f-]{36})"/.exec(message.toString())?.[1] ?? null
}

const tried = new Set<string>()

describe('hostile WebSocket input gets a response or closes only its own connection', { timeout: 120_000 }, () => {
  // One malformed message closes the connection, so some conversations contain valid ones only.
  const conversations = fc.oneof(
    ...[messages, subscribeMessages].map((message) => fc.array(message, { minLength: 1, maxLength: 6 })),
  )

  it('answers hostile messages without internals', async () => {
    let responses = 0
    const run = fc.asyncProperty(conversations, fc.nat({ max: 3 }), async (sent, one) => {
      for (const message of sent) tried.add(message.toString())
      const { received, code } = await converse(sent, one > 0)
      for (const message of received) {
        const { type } = message
        expect(['connection_ack', 'ping', 'pong', 'next', 'error', 'complete']).toContain(type)
        expectMaskedErrors(errorsIn(message))
        if (type === 'error' || type === 'next') responses++
      }
      expect(String(code)).toMatch(/^(null|1007|1009|44\d\d)$/)
      expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
    })
    await fc.assert(run, { numRuns: 500 })
    expect(responses).toBeGreaterThan(400)
  })

  it('sends no vendor request for an invalid id', async () => {
    const before = gateway.calls()
    const bad = jobIds.filter((id) => !isValidJobId(id, ['Execution', 'Record', 'WorkflowRun']))
    const run = fc.asyncProperty(fc.array(bad, { minLength: 5, maxLength: 10 }), async (ids) => {
      const sent = ids.map((id) => {
        const query = 'subscription ($id: ID!) { jobUpdated(id: $id) { id } }'
        const message = { type: 'subscribe', id: randomUUID(), payload: { query, variables: { id } } }
        tried.add(`jobUpdated ${id}`)
        return JSON.stringify(message)
      })
      const { received, code } = await converse(sent)
      const errors = received.flatMap(errorsIn)
      expect([code, errors.map(({ extensions }) => extensions?.code)]).toEqual([null, ids.map(() => 'BAD_INPUT')])
      expect(gateway.calls()).toBe(before)
    })
    await fc.assert(run, { numRuns: 60 })
  })

  it('tried more than 1,000 messages, and the gateway still serves requests', async () => {
    expect(tried.size).toBeGreaterThan(1000)
    const { received, code } = await converse([])
    expect([received, code]).toEqual([[{ type: 'connection_ack' }], null])
    const { status } = await gateway.ask({ query: '{ vendors { mode } }' })
    expect(status).toBe(200)
  })
})

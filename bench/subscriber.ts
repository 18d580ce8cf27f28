import { request, type IncomingMessage } from 'node:http'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** A client that watches jobs on its own connection. */
export interface Subscriber {
  /** Statuses of each job in order of arrival, by job id. */
  readonly statuses: ReadonlyMap<string, readonly string[]>
  readonly errors: readonly string[]
  /** Resolves when the stream ends or fails. */
  readonly ended: Promise<void>
  disconnect(): void
}

const WATCH = 'subscription ($ids: [ID!]!) { jobsUpdated(ids: $ids) { id status } }'

/**
 * Subscribes over server-sent events.
 * @param url of `/graphql`
 */
export function subscribe(url: string, ids: readonly string[]): Subscriber {
  const { statuses, errors, record } = createRecorder(ids)
  const sent = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  })

  const ended = new Promise<void>((resolve) => {
    sent.once('close', resolve)
    sent.once('error', () => resolve())
    sent.once('response', (response: IncomingMessage) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const blocks = (text + chunk).split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) {
          const data = /^event: next\ndata: (.*)$/m.exec(block)?.[1]
          if (data !== undefined) record(JSON.parse(data) as WatchEvent)
        }
      })
    })
  })
  sent.end(JSON.stringify({ query: WATCH, variables: { ids } }))
  return { statuses, errors, ended, disconnect: () => void sent.destroy() }
}

/** Subscribes over WebSocket. */
export function subscribeByWebSocket(url: string, ids: readonly string[]): Subscriber {
  const { statuses, errors, record } = createRecorder(ids)
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  const stream = client.iterate<WatchEvent['data'] & {}>({ query: WATCH, variables: { ids } })
  const ended = (async () => {
    for await (const event of stream) record(event)
    await client.dispose()
  })().catch((error: unknown) => void errors.push(String(error)))
  return { statuses, errors, ended, disconnect: () => void stream.return?.() }
}

function createRecorder(ids: readonly string[]) {
  const statuses = new Map<string, string[]>(ids.map((id) => [id, []]))
  const errors: string[] = []
  return {
    statuses,
    errors,
    record(event: WatchEvent) {
      if (event.data) statuses.get(event.data.jobsUpdated.id)?.push(event.data.jobsUpdated.status)
      for (const { message } of event.errors ?? []) errors.push(message)
    },
  }
}

interface WatchEvent {
  readonly data?: { readonly jobsUpdated: { readonly id: string; readonly status: string } } | null
  readonly errors?: readonly { readonly message: string }[]
}

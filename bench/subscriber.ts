import { request, type IncomingMessage } from 'node:http'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** Somebody who watches jobs, on a connection of their own. */
export interface Subscriber {
  /** The statuses of each job as they came, by its id. */
  readonly seen: ReadonlyMap<string, readonly string[]>
  readonly errors: readonly string[]
  /** Resolves when the stream is over, however it ended. */
  readonly ended: Promise<void>
  leave(): void
}

const WATCH = 'subscription ($ids: [ID!]!) { jobsUpdated(ids: $ids) { id status } }'

/**
 * Over server-sent events.
 * @param url of `/graphql`
 */
export function subscribe(url: string, ids: readonly string[]): Subscriber {
  const { seen, errors, hear } = createHearing(ids)
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
          if (data !== undefined) hear(JSON.parse(data) as WatchEvent)
        }
      })
    })
  })
  sent.end(JSON.stringify({ query: WATCH, variables: { ids } }))
  return { seen, errors, ended, leave: () => void sent.destroy() }
}

/** The same over WebSocket. */
export function subscribeByWebSocket(url: string, ids: readonly string[]): Subscriber {
  const { seen, errors, hear } = createHearing(ids)
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  const stream = client.iterate<WatchEvent['data'] & {}>({ query: WATCH, variables: { ids } })
  const ended = (async () => {
    for await (const event of stream) hear(event)
    await client.dispose()
  })().catch((error: unknown) => void errors.push(String(error)))
  return { seen, errors, ended, leave: () => void stream.return?.() }
}

function createHearing(ids: readonly string[]) {
  const seen = new Map<string, string[]>(ids.map((id) => [id, []]))
  const errors: string[] = []
  return {
    seen,
    errors,
    hear(event: WatchEvent) {
      if (event.data) seen.get(event.data.jobsUpdated.id)?.push(event.data.jobsUpdated.status)
      for (const { message } of event.errors ?? []) errors.push(message)
    },
  }
}

interface WatchEvent {
  readonly data?: { readonly jobsUpdated: { readonly id: string; readonly status: string } } | null
  readonly errors?: readonly { readonly message: string }[]
}

import { WebSocket } from 'ws'

/** Returns the text of an event stream that arrives within 500 ms. */
export async function recordEvents(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(500) })
  let text = ''
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
  } catch {
    // The timeout aborted the stream.
  }
  return text
}

/** Sends messages over a WebSocket; returns everything received until it closes or is idle for a second. */
export async function recordWebSocket(
  url: string,
  messages: readonly string[],
  headers: Record<string, string>,
): Promise<string> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers })
  const received: string[] = []
  let idleTimer: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => socket.terminate(), 1000)
  }
  wait()
  socket.on('message', (data: Buffer) => {
    received.push(data.toString())
    wait()
    // The protocol requires the acknowledgement first.
    if (received.length === 1) for (const message of messages.slice(1)) socket.send(message)
  })
  socket.on('open', () => socket.send(messages[0] ?? ''))
  socket.on('error', (error) => received.push(error.message))
  socket.on('unexpected-response', (_request, response) => {
    received.push(`${response.statusCode} ${JSON.stringify(response.headers)}`)
    response.on('data', (chunk: Buffer) => received.push(chunk.toString()))
    response.on('end', () => socket.terminate())
  })
  const [code, reason] = await new Promise<readonly [number, Buffer]>((resolve) =>
    socket.once('close', (...close) => resolve(close)),
  )
  clearTimeout(idleTimer)
  return [...received, code, reason.toString()].join('\n')
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hang, resetConnection, json, text, type Script } from './scripted-vendor.js'

/** What a vendor says that nobody may hear, and what only who asked may hear. */
export interface LeakySecrets {
  /** In what the gateway does not read: pages, stacks, fields, headers, addresses. */
  readonly body: string
  /** In the message of an error. */
  readonly message: string
  /** In place of a status. */
  readonly word: string
}

/** How it misbehaves for whatever has this in its address; otherwise it answers as it should. */
export const MODES = [
  'echo500',
  'echo400',
  'percent400',
  'base64bearer400',
  'base64only400',
  'plain401',
  'html500',
  'redirect',
  'malformed',
  'shape',
  'echo429',
  'oddword',
  'gone404',
  'reset',
  'hang',
] as const
export type Mode = (typeof MODES)[number]

export interface LeakyVendor {
  readonly url: string
  /** `PUT /api/executions/exe_echo500/cancel`, oldest first. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** Both vendors in one that repeats the headers it was sent wherever it can, and says more than it should. */
export async function startLeakyVendor(secrets: LeakySecrets): Promise<LeakyVendor> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const address = decodeURIComponent(request.url!)
    requests.push(`${request.method} ${address}`)
    const mode = MODES.find((candidate) => address.includes(candidate))
    response.setHeader('set-cookie', `session=${secrets.body}`)
    response.setHeader('x-debug', [secrets.body, JSON.stringify(request.headers)])
    scriptOf(mode, secrets, request)(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function scriptOf(mode: Mode | undefined, { body, message, word }: LeakySecrets, request: IncomingMessage): Script {
  const { authorization, 'x-api-key': key, 'x-proxy-secret': proxy } = request.headers
  const credentials = [authorization ?? key, proxy].map(String)
  const values = credentials.join(' ')
  const error = (shown: string) => ({
    status: 'error',
    message: shown,
    incidentId: shown,
    stack: body,
    headers: values,
  })
  const sent = `${message}: ${values}`
  switch (mode) {
    case 'echo500':
      return json(500, error(sent))
    case 'echo400':
      return json(400, error(sent))
    case 'percent400':
      return json(400, error(credentials.map(encodeURIComponent).join(' ')))
    case 'base64bearer400':
      return json(400, error(credentials.flatMap(base64Of).join(' ')))
    case 'base64only400':
      return json(
        400,
        error(
          credentials
            .map((value) => value.replace('Bearer ', ''))
            .flatMap(base64Of)
            .join(' '),
        ),
      )
    case 'plain401':
      return text(401, `${sent}\n${body}`, { 'content-type': 'text/plain' })
    case 'html500':
      return text(500, `<html><pre>${values} ${body}</pre></html>`, { 'content-type': 'text/html' })
    case 'redirect':
      return json(302, error(sent), { location: `http://127.0.0.1:9/login?token=${body}` })
    case 'malformed':
      return text(200, `{"id": "${body}", ${values}`, { 'content-type': 'application/json' })
    case 'shape':
      return json(200, [[body, values]])
    case 'echo429':
      return json(429, error(sent), { 'retry-after': '0' })
    case 'oddword':
      return json(200, { id: lastOf(request), status: word, [body]: body })
    case 'gone404':
      return json(404, error(sent))
    case 'reset':
      return resetConnection
    case 'hang':
      return hang
    case undefined:
      return wellBehaved(body)
  }
}

function base64Of(text: string): readonly string[] {
  return [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')]
}

/** The id that it is about, or what kind of list. */
function lastOf({ url }: IncomingMessage): string {
  return /\/(\w+)(?:\/cancel|\/status)?(?:\?.*)?$/.exec(url!)?.[1] ?? ''
}

/** What is asked for, with more in it than is read. */
function wellBehaved(secret: string): Script {
  return (request: IncomingMessage, response: ServerResponse) => {
    const last = lastOf(request)
    const job = { id: last, status: request.method === 'GET' ? 'RUNNING' : 'CANCELLED', debug: { token: secret } }
    const isList = ['executions', 'collections', 'records', 'workflows', 'runs'].includes(last)
    if (!isList) return json(200, request.url!.includes('status-messages') ? [] : job)(request, response)
    const rows = [{ ...job, id: `${last}_1` }]
    const isKodexa = request.url!.includes('/api/')
    json(200, isKodexa ? { content: rows, number: 0, size: 1, totalElements: 1, last: true } : rows)(request, response)
  }
}

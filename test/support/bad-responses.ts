import { LEAK_MARKER } from './faulty-vendor.js'
import { API_KEY, hang, resetConnection, json, type Script, text } from './scripted-vendor.js'

/** The kind of read: one job, the status of a record alone, or a list. */
export type ReadKind = 'one' | 'status' | 'list'

export interface BadResponse {
  readonly script: Script
  /** The code of the error that it becomes. */
  readonly code: string
  readonly retryAfterSeconds?: number
  /** The kinds of read for which the response is bad; all kinds when absent. */
  readonly kinds?: readonly ReadKind[]
}

const html = `<!doctype html><html><body>${LEAK_MARKER} ${API_KEY}</body></html>`

/** An error body with a stack trace, as a vendor may send it. */
export const VENDOR_STACK = {
  message: `${LEAK_MARKER} ${API_KEY}`,
  stackTrace: ['com.vendor.Jobs.find(Jobs.java:12)'],
  trace: '    at find (com.vendor.js:1)',
}

const redirect =
  (status: number, target: () => URL): Script =>
  (request, response) =>
    text(status, html, { location: new URL(request.url ?? '/', target()).href })(request, response)

/**
 * Everything that can be wrong with a response, by its description.
 * @param redirectTarget the origin that redirects lead to
 */
export function badResponses(redirectTarget: () => URL): Readonly<Record<string, BadResponse>> {
  return {
    'HTML with 200': { script: text(200, html, { 'content-type': 'text/html' }), code: 'VENDOR_BAD_RESPONSE' },
    'an empty body with 200': { script: text(200, ''), code: 'VENDOR_BAD_RESPONSE' },
    'truncated JSON': { script: text(200, `{"id":"rec_1","name":"${LEAK_MARKER}`), code: 'VENDOR_BAD_RESPONSE' },
    null: { script: json(200, null), code: 'VENDOR_BAD_RESPONSE' },
    'an empty list for one job': { script: json(200, []), code: 'VENDOR_BAD_RESPONSE', kinds: ['one', 'status'] },
    'a list of jobs for one job': {
      script: json(200, [{ id: 'rec_1' }, { id: 'run_1' }, { id: 'exec_1' }]),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['one', 'status'],
    },
    'an empty object': { script: json(200, {}), code: 'VENDOR_BAD_RESPONSE', kinds: ['one', 'list'] },
    'one job for a list': {
      script: json(200, { id: 'a', status: 'RUNNING' }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['list'],
    },
    'a page whose rows are an object': {
      script: json(200, { content: { a: 1 }, totalElements: 1 }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['list'],
    },
    'a string': { script: json(200, LEAK_MARKER), code: 'VENDOR_BAD_RESPONSE' },
    'a number': { script: json(200, 42), code: 'VENDOR_BAD_RESPONSE' },
    true: { script: json(200, true), code: 'VENDOR_BAD_RESPONSE' },
    'a job without an id': {
      script: json(200, { status: 'RUNNING', name: LEAK_MARKER }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['one'],
    },
    'a job whose id is null': {
      script: json(200, { id: null, status: 'RUNNING' }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['one'],
    },
    'a job whose id is an object': {
      script: json(200, { id: { value: 'rec_1' } }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['one'],
    },
    'another job': {
      script: json(200, { id: 'other_1', status: 'RUNNING', name: LEAK_MARKER }),
      code: 'VENDOR_BAD_RESPONSE',
      kinds: ['one'],
    },
    '204 without a body': { script: text(204, ''), code: 'VENDOR_BAD_RESPONSE' },
    'a redirect with 301': { script: redirect(301, redirectTarget), code: 'VENDOR_BAD_RESPONSE' },
    'a redirect with 302': { script: redirect(302, redirectTarget), code: 'VENDOR_BAD_RESPONSE' },
    'a redirect with 307': { script: redirect(307, redirectTarget), code: 'VENDOR_BAD_RESPONSE' },
    'a rejected credential with 401': { script: json(401, VENDOR_STACK), code: 'VENDOR_UNAUTHORIZED' },
    'a rejected credential with 403': { script: text(403, html), code: 'VENDOR_UNAUTHORIZED' },
    'a conflict with 409': { script: json(409, VENDOR_STACK), code: 'VENDOR_REJECTED' },
    'a rejection in plain text': {
      script: text(422, `${LEAK_MARKER} ${API_KEY}\n\tat com.vendor.Jobs.find`, { 'content-type': 'text/plain' }),
      code: 'VENDOR_REJECTED',
    },
    '429 with Retry-After in seconds': {
      script: json(429, VENDOR_STACK, { 'retry-after': '7' }),
      code: 'VENDOR_RATE_LIMITED',
      retryAfterSeconds: 7,
    },
    '429 with Retry-After in the past': {
      script: json(429, VENDOR_STACK, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
      code: 'VENDOR_RATE_LIMITED',
      retryAfterSeconds: 0,
    },
    '429 with Retry-After in the far future': {
      script: json(429, VENDOR_STACK, { 'retry-after': 'Fri, 01 Jan 2199 00:00:00 GMT' }),
      code: 'VENDOR_RATE_LIMITED',
      retryAfterSeconds: 3600,
    },
    '429 with an invalid Retry-After': {
      script: json(429, VENDOR_STACK, { 'retry-after': 'whenever' }),
      code: 'VENDOR_RATE_LIMITED',
    },
    '429 without Retry-After': { script: text(429, html), code: 'VENDOR_RATE_LIMITED' },
    'a failure with a stack trace': { script: json(500, VENDOR_STACK), code: 'VENDOR_UNAVAILABLE' },
    'a failure in HTML': { script: text(502, html, { 'content-type': 'text/html' }), code: 'VENDOR_UNAVAILABLE' },
    '503 with Retry-After in seconds': {
      script: text(503, html, { 'retry-after': '30' }),
      code: 'VENDOR_UNAVAILABLE',
      retryAfterSeconds: 30,
    },
    'no response': { script: hang, code: 'VENDOR_TIMEOUT' },
    'half a response and then nothing': {
      script: (_request, response) => void response.writeHead(200).write(`{"id":"${LEAK_MARKER}`),
      code: 'VENDOR_TIMEOUT',
    },
    'a lost connection': { script: resetConnection, code: 'VENDOR_UNAVAILABLE' },
    'a reset connection': { script: (request) => void request.socket.resetAndDestroy(), code: 'VENDOR_UNAVAILABLE' },
    'a connection lost in the middle of a response': {
      script: (request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write(`{"id":"${LEAK_MARKER}`)
        setImmediate(() => request.socket.destroy())
      },
      code: 'VENDOR_UNAVAILABLE',
    },
  }
}

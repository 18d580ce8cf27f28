import type { IncomingMessage, ServerResponse } from 'node:http'
import type { YogaServerInstance } from 'graphql-yoga'
import { OverloadedError } from '../job/errors.js'
import type { LoadShedder } from './limits/load-shedder.js'
import { acquireSlot } from './limits/slot.js'
import type { Origins } from './origins.js'
import type { ServerContext } from './server-context.js'

/** What has to be known, or said, while the gateway is too busy for anything else. It costs little. */
const ALWAYS_ADMITTED = /^\/(health|ready|webhooks\/.*)$/

export interface AdmissionOptions {
  /** Answers what is not refused. */
  readonly yoga: YogaServerInstance<ServerContext, object>
  readonly loadShedder: LoadShedder
  /** Whose pages may read a refusal, and whether with their visitors' cookies. */
  readonly origins: Origins
  readonly credentials: boolean
}

export interface AdmissionControl {
  fetch(request: Request): Promise<Response>
  /** For Node's `request` event. */
  listener(request: IncomingMessage, response: ServerResponse): unknown
  /** Says on all answers of Node's from now on that the connection closes, those included that are under way. */
  drain(): void
}

/**
 * Stands before Yoga, and refuses what is too much. A refusal by one of Yoga's plugins would cost several times as
 * much, and at ten times the load that can be served, the operations that are not refused pay for those that are.
 */
export function createAdmissionControl({
  yoga,
  loadShedder,
  origins,
  credentials,
}: AdmissionOptions): AdmissionControl {
  const unanswered = new Set<ServerResponse>()
  let isDraining = false

  function refusalHeaders(origin: string | null): Record<string, string> {
    if (origin === null || !origins.isAllowed(origin)) return REJECTION_HEADERS
    return {
      ...REJECTION_HEADERS,
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after',
      ...(credentials && { 'access-control-allow-credentials': 'true' }),
    }
  }

  return {
    async fetch(request) {
      if (isAlwaysAdmitted(request.method, new URL(request.url).pathname)) return yoga.fetch(request)
      const place = acquireSlot(loadShedder, () => request.body === null)
      if (!place)
        return new Response(REJECTION_BODY, { status: 503, headers: refusalHeaders(request.headers.get('origin')) })
      try {
        return await yoga.fetch(request, { slot: place })
      } finally {
        place.release()
      }
    },
    listener(request, response) {
      if (isDraining) response.setHeader('connection', 'close')
      unanswered.add(response)
      response.once('close', () => unanswered.delete(response))
      const { method = '', url = '', headers } = request
      if (isAlwaysAdmitted(method, url.split('?', 1)[0]!)) return yoga(request, response)
      const place = acquireSlot(loadShedder, () => request.complete)
      if (!place) return response.writeHead(503, refusalHeaders(headers.origin ?? null)).end(REJECTION_BODY)
      // Whoever goes before there is an answer is waiting no more.
      response.once('close', place.release)
      return yoga(request, response, { slot: place })
    },
    drain() {
      isDraining = true
      for (const response of unanswered) if (!response.headersSent) response.setHeader('connection', 'close')
    },
  }
}

/** With OPTIONS, a browser asks whether it may ask. */
function isAlwaysAdmitted(method: string, path: string): boolean {
  return method === 'OPTIONS' || ALWAYS_ADMITTED.test(path)
}

const overload = new OverloadedError()
const REJECTION_BODY = JSON.stringify({ errors: [{ message: overload.message, extensions: overload.extensions() }] })
const REJECTION_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': String(Buffer.byteLength(REJECTION_BODY)),
  'retry-after': String(overload.retryAfterSeconds),
  'x-content-type-options': 'nosniff',
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { YogaServerInstance } from 'graphql-yoga'
import { OverloadedError } from '../job/errors.js'
import type { LoadShedder } from './limits/load-shedder.js'
import { acquireSlot } from './limits/slot.js'
import type { Origins } from './origins.js'
import type { ServerContext } from './server-context.js'

/** Health checks and webhooks are cheap, and needed most under overload. */
const ALWAYS_ADMITTED = /^\/(health|ready|webhooks\/.*)$/

export interface AdmissionOptions {
  /** Handles the requests that are admitted. */
  readonly yoga: YogaServerInstance<ServerContext, object>
  readonly loadShedder: LoadShedder
  /** Pages that may read a rejection. */
  readonly origins: Origins
  /** Whether they may send cookies. */
  readonly credentials: boolean
}

export interface AdmissionControl {
  fetch(request: Request): Promise<Response>
  /** For Node's `request` event. */
  listener(request: IncomingMessage, response: ServerResponse): unknown
  /** Adds `Connection: close` to all responses from now on, those in flight included. */
  drain(): void
}

/**
 * Stands in front of Yoga and answers 503 when the load shedder rejects an operation. A rejection by a Yoga plugin costs
 * several times as much, and at ten times the load the admitted operations would pay for it.
 */
export function createAdmissionControl({
  yoga,
  loadShedder,
  origins,
  credentials,
}: AdmissionOptions): AdmissionControl {
  const inFlight = new Set<ServerResponse>()
  let isDraining = false

  function rejectionHeaders(origin: string | null): Record<string, string> {
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
      const slot = acquireSlot(loadShedder, () => request.body === null)
      if (!slot)
        return new Response(REJECTION_BODY, { status: 503, headers: rejectionHeaders(request.headers.get('origin')) })
      try {
        return await yoga.fetch(request, { slot })
      } finally {
        slot.release()
      }
    },
    listener(request, response) {
      if (isDraining) response.setHeader('connection', 'close')
      inFlight.add(response)
      response.once('close', () => inFlight.delete(response))
      const { method = '', url = '', headers } = request
      if (isAlwaysAdmitted(method, url.split('?', 1)[0]!)) return yoga(request, response)
      const slot = acquireSlot(loadShedder, () => request.complete)
      if (!slot) return response.writeHead(503, rejectionHeaders(headers.origin ?? null)).end(REJECTION_BODY)
      // A client that disconnects early no longer waits for the response.
      response.once('close', slot.release)
      return yoga(request, response, { slot })
    },
    drain() {
      isDraining = true
      for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close')
    },
  }
}

/** OPTIONS is a browser's CORS preflight. */
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

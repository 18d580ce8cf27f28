import type { LoopbackResponse } from '../loopback-server.js'

/** One problem of a request, named as in the vendor's SDK. */
export interface WireIssue {
  readonly validation: string
  readonly code: string
  readonly message: string
  readonly path: readonly string[]
}

/** Sends the object itself, without an envelope. */
export function ok(body: unknown): LoopbackResponse {
  return { status: 200, body }
}

export function badRequest(message: string, issues?: readonly WireIssue[]): LoopbackResponse {
  return { status: 400, body: { status: 400, message, ...(issues && { errors: issues }) } }
}

export function notFound(what: string): LoopbackResponse {
  return { status: 404, body: { status: 404, message: `${what} not found` } }
}

export function unauthorized(): LoopbackResponse {
  return { status: 401, body: { status: 401, message: 'Invalid API key' } }
}

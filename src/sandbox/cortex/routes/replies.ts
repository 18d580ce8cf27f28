import type { LoopbackReply } from '../../loopback-server.js'

/** One thing that is wrong with a request; named as in the vendor's SDK. */
export interface WireIssue {
  readonly validation: string
  readonly code: string
  readonly message: string
  readonly path: readonly string[]
}

/** Which part of a list is wanted. */
export interface PageRequest {
  /** From 1. */
  readonly page: number
  readonly take: number
}

/** Takes an object; gives the reply that is this object and nothing around it. */
export function ok(body: unknown): LoopbackReply {
  return { status: 200, body }
}

type Write<Row> = (row: Row) => unknown

/** Takes all rows, the page asked for and how a row is written; gives that page as a bare array, totals in headers. */
export function listReply<Row>(rows: readonly Row[], { page, take }: PageRequest, write: Write<Row>): LoopbackReply {
  const headers = {
    'pagination-page': String(page),
    'pagination-take': String(take),
    'pagination-count': String(rows.length),
  }
  return { status: 200, headers, body: rows.slice((page - 1) * take, page * take).map(write) }
}

/** Takes why a request cannot be done, and what is wrong with it in particular; gives the vendor's error. */
export function badRequest(message: string, issues?: readonly WireIssue[]): LoopbackReply {
  return { status: 400, body: { status: 400, message, ...(issues && { errors: issues }) } }
}

/** Takes what was looked for; gives the vendor's error. */
export function notFound(what: string): LoopbackReply {
  return { status: 404, body: { status: 404, message: `${what} not found` } }
}

/** Gives the vendor's error for a missing or wrong key. */
export function unauthorised(): LoopbackReply {
  return { status: 401, body: { status: 401, message: 'Invalid API key' } }
}

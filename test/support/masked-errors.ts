import type { GraphQLEnumType } from 'graphql'
import { expect } from 'vitest'
import { gatewaySchema } from '../../src/schema.js'
import type { HttpResponse } from './exposed-gateway.js'

export interface ReturnedError {
  readonly message: string
  readonly extensions?: { readonly code?: unknown }
}

/** The codes that a caller may be shown for what they sent: those of the schema but for a fault of the gateway's own. */
const CODES = (gatewaySchema().getType('ErrorCode') as GraphQLEnumType)
  .getValues()
  .map(({ name }) => name)
  .filter((name) => name !== 'INTERNAL')

/** And those of what is no operation, as the README has them. */
const CODES_OF_NO_OPERATION = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]

/** GraphQL's own words for variables and arguments that do not fit, which have no code. */
const OF_VARIABLES = /^(Variable "\$|Argument "|Too many errors processing variables)/

const INSIDES = /node_modules|node:internal|(Type|Range|Syntax|Reference)Error|ECONN|\.[jt]s:\d|\n {4}at /

/** Fails unless every error is one that callers are meant to see. */
export function expectMaskedErrors(errors: readonly ReturnedError[]): void {
  for (const { message, extensions } of errors) {
    expect(message).not.toMatch(INSIDES)
    if (extensions?.code === undefined) expect(message).toMatch(OF_VARIABLES)
    else expect([...CODES, ...CODES_OF_NO_OPERATION]).toContain(extensions.code)
  }
}

/** Fails unless it is an answer to what was sent, without a word of what is inside; gives what it says. */
export function expectMaskedResponse({ status, type, text }: HttpResponse): readonly ReturnedResult[] {
  expect(status).toBeLessThan(500)
  expect(text).not.toMatch(INSIDES)
  if (text === '') return []
  const results = bodiesIn(type, text).map((body) => JSON.parse(body) as ReturnedResult)
  for (const { errors = [] } of results) expectMaskedErrors(errors)
  return results
}

/** Streams have several, each on a line of its own. */
function bodiesIn(type: string, text: string): readonly string[] {
  if (type.startsWith('text/event-stream')) return [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => data!)
  if (type.startsWith('multipart/mixed')) return [...text.matchAll(/^\{.+\}(?=\r?$)/gm)].map(([data]) => data)
  return [text]
}

export interface ReturnedResult {
  readonly data?: unknown
  readonly errors?: readonly ReturnedError[]
}

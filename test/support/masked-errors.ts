import type { GraphQLEnumType } from 'graphql'
import { expect } from 'vitest'
import { gatewaySchema } from '../../src/schema.js'
import type { HttpResponse } from './exposed-gateway.js'

export interface ReturnedError {
  readonly message: string
  readonly extensions?: { readonly code?: unknown }
}

/** Error codes that client input may cause: all of the schema except INTERNAL. */
const CODES = (gatewaySchema().getType('ErrorCode') as GraphQLEnumType)
  .getValues()
  .map(({ name }) => name)
  .filter((name) => name !== 'INTERNAL')

/** Documented codes of requests that fail before execution. */
const REQUEST_CODES = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]

/** Messages of graphql-js for invalid variables and arguments, which carry no code. */
const COERCION_MESSAGE = /^(Variable "\$|Argument "|Too many errors processing variables)/

const INTERNALS = /node_modules|node:internal|(Type|Range|Syntax|Reference)Error|ECONN|\.[jt]s:\d|\n {4}at /

/** Fails unless every error has a public code and no internals. */
export function expectMaskedErrors(errors: readonly ReturnedError[]): void {
  for (const { message, extensions } of errors) {
    expect(message).not.toMatch(INTERNALS)
    if (extensions?.code === undefined) expect(message).toMatch(COERCION_MESSAGE)
    else expect([...CODES, ...REQUEST_CODES]).toContain(extensions.code)
  }
}

/** Fails unless the status is below 500 and the body shows no internals; returns the GraphQL results in the body. */
export function expectMaskedResponse({ status, type, text }: HttpResponse): readonly ReturnedResult[] {
  expect(status).toBeLessThan(500)
  expect(text).not.toMatch(INTERNALS)
  if (text === '') return []
  const results = bodiesIn(type, text).map((body) => JSON.parse(body) as ReturnedResult)
  for (const { errors = [] } of results) expectMaskedErrors(errors)
  return results
}

/** Returns the JSON bodies of a response; a stream has one per event or part. */
function bodiesIn(type: string, text: string): readonly string[] {
  if (type.startsWith('text/event-stream')) return [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => data!)
  if (type.startsWith('multipart/mixed')) return [...text.matchAll(/^\{.+\}(?=\r?$)/gm)].map(([data]) => data)
  return [text]
}

export interface ReturnedResult {
  readonly data?: unknown
  readonly errors?: readonly ReturnedError[]
}

import type { GraphQLFormattedError } from 'graphql'
import type { FetchAPI } from 'graphql-yoga'

/** A JSON response with one error and no data. */
export function errorResponse(
  { Response }: Pick<FetchAPI, 'Response'>,
  status: number,
  error: Pick<GraphQLFormattedError, 'message' | 'extensions'>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ errors: [error] }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

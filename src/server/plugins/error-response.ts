import type { GraphQLFormattedError } from 'graphql'
import type { FetchAPI } from 'graphql-yoga'

/** What is answered in place of a result. */
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

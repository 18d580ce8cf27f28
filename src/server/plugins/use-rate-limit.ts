import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createTokenBuckets } from '../limits/token-bucket.js'
import type { ServerContext } from '../server-context.js'
import { callerKey } from './caller-key.js'

/**
 * Refuses operations of a caller who sends too many, over HTTP with 429 and `Retry-After`, before they are even parsed.
 * By then it is known who that is: over HTTP since the request was looked at, over WebSocket since it was opened.
 */
export function useRateLimit(perMinute: number): Plugin<ServerContext> {
  const buckets = createTokenBuckets(perMinute)
  return {
    onParams({ context }) {
      const caller = callerKey(context)
      const wait = caller === null ? 0 : buckets.take(caller)
      if (wait === 0) return
      const seconds = Math.ceil(wait)
      const message = `These are too many operations at once; the limit is ${perMinute} a minute. Try again in ${seconds} s.`
      const http = { status: 429, headers: { 'retry-after': String(seconds) } }
      throw new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds, http } })
    },
  }
}

import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createTokenBuckets } from '../limits/token-bucket.js'
import type { ServerContext } from '../server-context.js'
import { callerKey } from './caller-key.js'

/**
 * Rejects operations of a caller above the limit before they are parsed: RATE_LIMITED, and over HTTP 429 with
 * `Retry-After`. The caller is authenticated by then: by this request, or when the WebSocket was opened.
 */
export function useRateLimit(perMinute: number): Plugin<ServerContext> {
  const buckets = createTokenBuckets(perMinute)
  return {
    onParams({ context }) {
      const key = callerKey(context)
      const waitSeconds = key === null ? 0 : buckets.take(key)
      if (waitSeconds === 0) return
      const retryAfterSeconds = Math.ceil(waitSeconds)
      const message = `You have sent too many operations; the limit is ${perMinute} per minute. Try again in ${retryAfterSeconds} s.`
      const http = { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } }
      throw new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds, http } })
    },
  }
}

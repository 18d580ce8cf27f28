import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createYoga, useReadinessCheck } from 'graphql-yoga'
import { createContext } from './context.js'
import { silentLog, type Log } from './job/log.js'
import { createMeter, type Meter } from './job/meter.js'
import type { Vendor } from './job/vendor.js'
import { graphiqlOptions, renderGraphiQL } from './plugins/graphiql.js'
import { createErrorMask } from './plugins/mask-error.js'
import { useJsonOnly } from './plugins/use-json-only.js'
import { useReferenceExecutor } from './plugins/use-reference-executor.js'
import { useUpstreamTrace } from './plugins/use-upstream-trace.js'
import { gatewaySchema } from './schema.js'
import { createWebSocketEndpoint } from './websocket/endpoint.js'

export interface GatewayOptions {
  /** The vendors to stand in front of. They are closed with the gateway. */
  readonly vendors: readonly Vendor[]
  /** Default: no lines. */
  readonly log?: Log
  /** Whether browsers get GraphiQL at `/graphql`. Default true. */
  readonly graphiql?: boolean
  /** The pause between two looks at a job that somebody subscribed to, in ms. Default 2000. */
  readonly pollMs?: number
  /** How long what an operation reads may wait until it can be sent to a vendor, in ms. Default 10,000. */
  readonly deadlineMs?: number
}

export interface Gateway {
  /** Answers a request: `/graphql`, `/health` and `/ready`. Opens no port. */
  fetch(request: Request): Promise<Response>
  /** The same for Node: `createServer(gateway.listener)`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Takes WebSockets at `/graphql`: `server.on('upgrade', gateway.upgrade)`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Says not ready from now on, so that no new work is sent here. */
  drain(): void
  /**
   * Sends clients on WebSockets elsewhere, each when its queries and mutations are answered, and ends when they are
   * gone. Node's `server.close()` waits for them, and knows no way to close them.
   */
  hangUp(): Promise<void>
  /** What all operations so far have cost, by vendor. */
  usage(): ReturnType<Meter['usage']>
  /** Hangs up, and closes the connections to the vendors, after what is in flight. */
  close(): Promise<void>
}

/** An operation is some kilobytes; this is a hundred times the largest example. */
const MAX_BODY_BYTES = 1_000_000

/** Builds the gateway. Listening is somebody else's business. */
export function createGateway(options: GatewayOptions): Gateway {
  const { vendors, log = silentLog, graphiql = true, pollMs = 2000, deadlineMs = 10_000 } = options
  const total = createMeter()
  const maskError = createErrorMask(log)
  let isReady = true
  const yoga = createYoga({
    schema: gatewaySchema(),
    context: ({ request }) => createContext({ vendors, log, pollMs, deadlineMs, total }, request),
    maskedErrors: { maskError },
    graphiql: graphiql ? graphiqlOptions(vendors) : false,
    renderGraphiQL,
    landingPage: false,
    logging: false,
    // Yoga would let any site read answers with the visitor's credentials, take uploads, and 25 MB.
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    plugins: [useJsonOnly(), useReadinessCheck({ check: () => isReady }), useReferenceExecutor(), useUpstreamTrace()],
  })
  const webSockets = createWebSocketEndpoint({
    run: (params, request) => yoga.getResultForParams({ params, request }, {}),
    maskError,
    log,
    listener: yoga,
    isReady: () => isReady,
    maxMessageBytes: MAX_BODY_BYTES,
  })
  return {
    fetch: async (request) => yoga.fetch(request),
    listener: yoga,
    upgrade: webSockets.upgrade,
    drain() {
      isReady = false
    },
    hangUp: webSockets.hangUp,
    usage: () => total.usage(),
    async close() {
      await webSockets.hangUp()
      await Promise.all(vendors.map((vendor) => vendor.close()))
    },
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createYoga, useReadinessCheck } from 'graphql-yoga'
import { everybody, type Authenticate } from './auth/authenticate.js'
import type { Identity } from './auth/identity.js'
import { createContext } from './context.js'
import { createCommitments } from './job/commitments.js'
import { silentLog, type Log } from './job/log.js'
import { createMeter, type Meter } from './job/meter.js'
import type { Vendor } from './job/vendor.js'
import { graphiqlOptions, renderGraphiQL } from './plugins/graphiql.js'
import { createErrorMask } from './plugins/mask-error.js'
import { useAuthentication } from './plugins/use-authentication.js'
import { useJsonOnly } from './plugins/use-json-only.js'
import { useReferenceExecutor } from './plugins/use-reference-executor.js'
import { useUpstreamTrace } from './plugins/use-upstream-trace.js'
import { useWebhooks } from './plugins/use-webhooks.js'
import { gatewaySchema } from './schema.js'
import { NO_PEERS, type Peers } from './watch/peers.js'
import { createWatcher, type Watcher } from './watch/watcher.js'
import { createWebSocketEndpoint } from './websocket/endpoint.js'

export interface GatewayOptions {
  /** The vendors to stand in front of. They are closed with the gateway. */
  readonly vendors: readonly Vendor[]
  /**
   * Says who asks, once for each request and each WebSocket, before anything of an operation runs; null refuses.
   * `createAuthenticate` makes one for API keys and JSON Web Tokens. Default: everybody is an anonymous admin.
   */
  readonly authenticate?: Authenticate
  /** Default: no lines. */
  readonly log?: Log
  /** Whether browsers get GraphiQL at `/graphql`. Default true. */
  readonly graphiql?: boolean
  /**
   * The shortest pause between two looks at a job that somebody subscribed to, in ms. Where nothing happens pauses get
   * longer, up to 10 s. Default 600.
   */
  readonly pollMs?: number
  /** How long subscribers are not told that a job cannot be read for the moment, in ms. Default 15,000. */
  readonly outageMs?: number
  /** How long what an operation reads may wait until it can be sent to a vendor, and until when `cancelJobs` begins cancels, in ms. Default 10,000. */
  readonly deadlineMs?: number
  /** Other instances that watch the same jobs. Default: there are none. */
  readonly peers?: Peers
}

export interface Gateway {
  /** Answers a request: `/graphql`, `/health`, `/ready` and `/webhooks/…`. Opens no port. */
  fetch(request: Request): Promise<Response>
  /** The same for Node: `createServer(gateway.listener)`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Takes WebSockets at `/graphql`: `server.on('upgrade', gateway.upgrade)`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Says not ready from now on, so that no new work is sent here. */
  drain(): void
  /**
   * Sends clients on WebSockets elsewhere, each when its queries and mutations are answered, and then completes all
   * other subscriptions. Ends when they are gone: Node's `server.close()` waits for them, and knows no way to end them.
   */
  hangUp(): Promise<void>
  /** What all operations so far have cost, by vendor. */
  usage(): ReturnType<Meter['usage']>
  /** How many jobs are being watched by how many subscribers. */
  watching(): ReturnType<Watcher['watching']>
  /** Hangs up, and closes the connections to the vendors after what is in flight. */
  close(): Promise<void>
}

/** An operation is some kilobytes; this is a hundred times the largest example. */
const MAX_BODY_BYTES = 1_000_000

/** Builds the gateway. Listening is somebody else's business. */
export function createGateway(options: GatewayOptions): Gateway {
  const { vendors, log = silentLog, graphiql = true, deadlineMs = 10_000 } = options
  const { pollMs = 600, outageMs = 15_000, peers = NO_PEERS, authenticate = everybody } = options
  const total = createMeter()
  const commitments = createCommitments()
  const watcher = createWatcher({ pollMs, outageMs, deadlineMs, peers, meter: total })
  const maskError = createErrorMask(log)
  let isReady = true
  const yoga = createYoga<{ identity?: Identity }>({
    schema: gatewaySchema(),
    context: ({ request, identity }) =>
      createContext({ vendors, log, watcher, commitments, deadlineMs, total }, request, identity),
    maskedErrors: { maskError },
    graphiql: graphiql ? graphiqlOptions(vendors, authenticate === everybody) : false,
    renderGraphiQL,
    landingPage: false,
    logging: false,
    // Yoga would let any site read answers with the visitor's credentials, take uploads, and 25 MB.
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    plugins: [
      useWebhooks(vendors, watcher),
      useJsonOnly(),
      useReadinessCheck({ check: () => isReady }),
      useAuthentication(authenticate, maskError),
      useReferenceExecutor(),
      useUpstreamTrace(),
    ],
  })
  const webSockets = createWebSocketEndpoint({
    authenticate,
    run: (params, request, identity) => yoga.getResultForParams({ params, request }, { identity }),
    maskError,
    log,
    listener: yoga,
    isReady: () => isReady,
    maxMessageBytes: MAX_BODY_BYTES,
  })
  let closed: Promise<void> | undefined

  async function hangUp(): Promise<void> {
    await webSockets.hangUp()
    // Not before, because over WebSocket a stream that completes is one that is not begun again.
    watcher.close()
  }

  async function close(): Promise<void> {
    await hangUp()
    await commitments.settled()
    await Promise.all(vendors.map((vendor) => vendor.close()))
  }

  return {
    fetch: async (request) => yoga.fetch(request),
    listener: yoga,
    upgrade: webSockets.upgrade,
    drain() {
      isReady = false
    },
    hangUp,
    usage: () => total.usage(),
    watching: watcher.watching,
    close() {
      return (closed ??= close())
    },
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createYoga, useReadinessCheck } from 'graphql-yoga'
import { everybody, type Authenticate } from './auth/authenticate.js'
import { createContext } from './context.js'
import { createEntrance } from './entrance.js'
import { createCommitments } from './job/commitments.js'
import { silentLog, type Log } from './job/log.js'
import { createMeter, type Meter } from './job/meter.js'
import type { Vendor } from './job/vendor.js'
import { createDocumentCache, NO_CACHE } from './limits/document-cache.js'
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js'
import { createLoad, type LoadLimits } from './limits/load.js'
import { createOperationRunner } from './operation-runner.js'
import { createOrigins } from './origins.js'
import { createNodeListener } from './node-listener.js'
import type { PersistedOperations } from './persisted-operations.js'
import { createAudit } from './plugins/audit.js'
import type { ServerContext } from './plugins/caller-key.js'
import { createGraphiQL } from './plugins/graphiql.js'
import { createErrorMask } from './plugins/mask-error.js'
import { useAuthentication } from './plugins/use-authentication.js'
import { useBodyLimit } from './plugins/use-body-limit.js'
import { useCommitments } from './plugins/use-commitments.js'
import { useHashes } from './plugins/use-hashes.js'
import { useJsonOnly } from './plugins/use-json-only.js'
import { useJsonParams } from './plugins/use-json-params.js'
import { useLastWord } from './plugins/use-last-word.js'
import { useLimits } from './plugins/use-limits.js'
import { useLoad } from './plugins/use-load.js'
import { useOnePath } from './plugins/use-one-path.js'
import { useOwnPages } from './plugins/use-own-pages.js'
import { useRateLimit } from './plugins/use-rate-limit.js'
import { useReferenceExecutor } from './plugins/use-reference-executor.js'
import { REQUEST_ID_HEADER, requestIdOf, useRequestId } from './plugins/use-request-id.js'
import { useReticence } from './plugins/use-reticence.js'
import { useSecurityHeaders } from './plugins/use-security-headers.js'
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
  /** Where cancels, and requests of nobody, are written down. Default: `log`. */
  readonly auditLog?: Log
  /** Whether browsers get GraphiQL at `/graphql`. Default true. */
  readonly graphiql?: boolean
  /** Whether everybody may look at the schema, and gets suggestions for what is misspelt; else only known admins. Default true. */
  readonly introspection?: boolean
  /** What callers may send; what is left out is {@link DEFAULT_LIMITS}'s. */
  readonly limits?: Partial<Limits>
  /**
   * What this process takes on at a time; beyond it, operations are refused with 503 and `Retry-After`. Default: none
   * is, for what else runs in the process is not known here. `npm start` uses {@link DEFAULT_LOAD_LIMITS}.
   */
  readonly load?: LoadLimits
  /** Other sites whose pages may use the gateway, by exact origins; and whether with their visitors' cookies. Default: none. */
  readonly cors?: { readonly origins: readonly string[]; readonly credentials?: boolean }
  /** Operations that may be named by their hashes. Default: none. */
  readonly persistedOperations?: PersistedOperations | null
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
  /** Says not ready from now on, and on each answer that its connection closes, so that no new work is sent here. */
  drain(): void
  /**
   * Sends clients on WebSockets elsewhere, each when its queries and mutations are answered, and then completes all
   * other subscriptions. Ends when they are gone: Node's `server.close()` waits for them, and knows no way to end them.
   * @param patienceMs how long those queries and mutations may take, in ms; default 8000
   */
  hangUp(patienceMs?: number): Promise<void>
  /** What all operations so far have cost, by vendor. */
  usage(): ReturnType<Meter['usage']>
  /** How many jobs are being watched by how many subscribers. */
  watching(): ReturnType<Watcher['watching']>
  /**
   * Hangs up, and closes the connections to the vendors after what is in flight: of mutations whose time is over, no
   * further cancel is begun.
   */
  close(): Promise<void>
}

/** Builds the gateway. Listening is somebody else's business. */
export function createGateway(options: GatewayOptions): Gateway {
  const { vendors, log = silentLog, authenticate = everybody, deadlineMs = 10_000 } = options
  const { auditLog = log } = options
  const { graphiql = true, introspection = true, cors, persistedOperations } = options
  const { pollMs = 600, outageMs = 15_000, peers = NO_PEERS } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const origins = createOrigins(cors?.origins)
  const graphiQL = graphiql ? createGraphiQL(vendors, authenticate === everybody) : null
  const total = createMeter()
  const commitments = createCommitments()
  const watcher = createWatcher({ pollMs, outageMs, deadlineMs, peers, meter: total })
  const maskError = createErrorMask(log)
  const audit = createAudit(auditLog)
  const load = createLoad(options.load ?? { concurrentOperations: null, eventLoopDelayMs: null })
  let isReady = true
  const yoga = createYoga<ServerContext>({
    schema: gatewaySchema(),
    context: ({ request, identity, requestId }) =>
      createContext({ vendors, log, auditLog, watcher, commitments, deadlineMs, total }, request, {
        identity,
        requestId,
      }),
    maskedErrors: { maskError },
    graphiql: graphiQL?.options ?? false,
    ...(graphiQL && { renderGraphiQL: graphiQL.page }),
    landingPage: false,
    logging: false,
    // Yoga would let any site read answers with the visitor's credentials, and take uploads. What is allowed, plugins allow.
    cors: false,
    multipart: false,
    batching: false,
    // Errors are not kept: each is asked for once, unless somebody means harm.
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: NO_CACHE },
    maxRequestBodySize: false,
    plugins: [
      useLastWord(maskError),
      useLoad(),
      useRequestId(),
      useSecurityHeaders(graphiQL?.contentPolicy),
      useOwnPages(origins, cors?.credentials),
      useWebhooks(vendors, watcher),
      useJsonOnly(),
      useReadinessCheck({ check: () => isReady }),
      useOnePath(),
      useAuthentication(authenticate, maskError, audit.unauthenticated),
      audit.plugin,
      useBodyLimit(limits.bodyBytes),
      useJsonParams(),
      limits.operationsPerMinute !== null && useRateLimit(limits.operationsPerMinute),
      persistedOperations != null && useHashes(persistedOperations),
      useLimits(limits),
      !introspection && useReticence(),
      useReferenceExecutor(),
      useCommitments(),
      useUpstreamTrace(),
    ],
  })
  const entrance = createEntrance({ yoga, load, origins, credentials: cors?.credentials ?? false })
  const listener = createNodeListener(entrance.listener)
  const webSockets = createWebSocketEndpoint({
    authenticate,
    callerHeaders: vendors.flatMap(({ callerHeader = [] }) => callerHeader),
    run: createOperationRunner({ yoga, load, audit, maskError }),
    onRefusal: ({ headers }) => audit.unauthenticated({ requestId: requestIdOf(headers[REQUEST_ID_HEADER]) }),
    maskError,
    log,
    listener,
    isReady: () => isReady,
    origins,
    maxMessageBytes: limits.bodyBytes,
  })
  let closed: Promise<void> | undefined

  async function hangUp(patienceMs?: number): Promise<void> {
    await webSockets.hangUp(patienceMs)
    // Not before, because over WebSocket a stream that completes is one that is not begun again.
    watcher.close()
  }

  async function close(): Promise<void> {
    await hangUp()
    await commitments.settled()
    await Promise.all(vendors.map((vendor) => vendor.close()))
  }

  return {
    fetch: entrance.fetch,
    listener,
    upgrade: webSockets.upgrade,
    drain() {
      isReady = false
      entrance.drain()
    },
    hangUp,
    usage: () => total.usage(),
    watching: watcher.watching,
    close() {
      return (closed ??= close())
    },
  }
}

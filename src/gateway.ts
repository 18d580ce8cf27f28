import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createYoga, useReadinessCheck } from 'graphql-yoga'
import { allowAnonymous, type Authenticate } from './auth/authenticate.js'
import { createContext } from './context.js'
import { createAdmissionControl } from './server/admission.js'
import { createPendingMutations } from './job/pending-mutations.js'
import { silentLog, type Log } from './job/log.js'
import { createMeter, type Meter } from './job/meter.js'
import type { Vendor } from './job/vendor.js'
import { createDocumentCache, NO_CACHE } from './server/limits/document-cache.js'
import { DEFAULT_LIMITS, type Limits } from './server/limits/limits.js'
import { createLoadShedder, type LoadSheddingOptions } from './server/limits/load-shedder.js'
import { createOperationRunner } from './server/operation-runner.js'
import { createOrigins } from './server/origins.js'
import { createNodeListener } from './server/node-listener.js'
import type { PersistedOperations } from './server/persisted-operations.js'
import { createOperationAudit } from './server/plugins/operation-audit.js'
import type { ServerContext } from './server/server-context.js'
import { createGraphiQL } from './server/plugins/graphiql.js'
import { createErrorMask } from './server/plugins/mask-error.js'
import { useAuthentication } from './server/plugins/use-authentication.js'
import { useBodyLimit } from './server/plugins/use-body-limit.js'
import { useMutationCompletion } from './server/plugins/use-mutation-completion.js'
import { usePersistedOperations } from './server/plugins/use-persisted-operations.js'
import { useJsonContentType } from './server/plugins/use-json-content-type.js'
import { useJsonParams } from './server/plugins/use-json-params.js'
import { useErrorBoundary } from './server/plugins/use-error-boundary.js'
import { useLimits } from './server/plugins/use-limits.js'
import { useLoadShedding } from './server/plugins/use-load-shedding.js'
import { useEndpointPath } from './server/plugins/use-endpoint-path.js'
import { useCrossSiteProtection } from './server/plugins/use-cross-site-protection.js'
import { useRateLimit } from './server/plugins/use-rate-limit.js'
import { useReferenceExecutor } from './server/plugins/use-reference-executor.js'
import { REQUEST_ID_HEADER, requestIdOf, useRequestId } from './server/plugins/use-request-id.js'
import { useSchemaHiding } from './server/plugins/use-schema-hiding.js'
import { useSecurityHeaders } from './server/plugins/use-security-headers.js'
import { useUpstreamTrace } from './server/plugins/use-upstream-trace.js'
import { useWebhooks } from './server/plugins/use-webhooks.js'
import { gatewaySchema } from './schema.js'
import { SINGLE_INSTANCE, type ClusterBus } from './watch/cluster-bus.js'
import { createWatcher, type Watcher } from './watch/watcher.js'
import { createWebSocketEndpoint } from './server/websocket/endpoint.js'

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
  readonly loadShedding?: LoadSheddingOptions
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
  readonly outageGraceMs?: number
  /** How long what an operation reads may wait until it can be sent to a vendor, and until when `cancelJobs` begins cancels, in ms. Default 10,000. */
  readonly deadlineMs?: number
  /** Other instances that watch the same jobs. Default: there are none. */
  readonly clusterBus?: ClusterBus
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
  closeConnections(patienceMs?: number): Promise<void>
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
  const { vendors, log = silentLog, authenticate = allowAnonymous, deadlineMs = 10_000 } = options
  const { auditLog = log } = options
  const { graphiql = true, introspection = true, cors, persistedOperations } = options
  const { pollMs = 600, outageGraceMs = 15_000, clusterBus = SINGLE_INSTANCE } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const origins = createOrigins(cors?.origins)
  const graphiQL = graphiql ? createGraphiQL(vendors, authenticate === allowAnonymous) : null
  const total = createMeter()
  const commitments = createPendingMutations()
  const watcher = createWatcher({ pollMs, outageGraceMs, deadlineMs, clusterBus, meter: total })
  const maskError = createErrorMask(log)
  const audit = createOperationAudit(auditLog)
  const load = createLoadShedder(options.loadShedding ?? { concurrentOperations: null, eventLoopDelayMs: null })
  let isReady = true
  const yoga = createYoga<ServerContext>({
    schema: gatewaySchema(),
    context: ({ request, identity, requestId }) =>
      createContext(
        { vendors, log, auditLog, watcher, pendingMutations: commitments, deadlineMs, totalUsage: total },
        request,
        {
          identity,
          requestId,
        },
      ),
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
      useErrorBoundary(maskError),
      useLoadShedding(),
      useRequestId(),
      useSecurityHeaders(graphiQL?.contentPolicy),
      useCrossSiteProtection(origins, cors?.credentials),
      useWebhooks(vendors, watcher),
      useJsonContentType(),
      useReadinessCheck({ check: () => isReady }),
      useEndpointPath(),
      useAuthentication(authenticate, maskError, audit.recordUnauthenticated),
      audit.plugin,
      useBodyLimit(limits.bodyBytes),
      useJsonParams(),
      limits.operationsPerMinute !== null && useRateLimit(limits.operationsPerMinute),
      persistedOperations != null && usePersistedOperations(persistedOperations),
      useLimits(limits),
      !introspection && useSchemaHiding(),
      useReferenceExecutor(),
      useMutationCompletion(),
      useUpstreamTrace(),
    ],
  })
  const entrance = createAdmissionControl({ yoga, loadShedder: load, origins, credentials: cors?.credentials ?? false })
  const listener = createNodeListener(entrance.listener)
  const webSockets = createWebSocketEndpoint({
    authenticate,
    callerHeaders: vendors.flatMap(({ callerHeader = [] }) => callerHeader),
    run: createOperationRunner({ yoga, loadShedder: load, audit, maskError }),
    onUnauthenticated: ({ headers }) =>
      audit.recordUnauthenticated({ requestId: requestIdOf(headers[REQUEST_ID_HEADER]) }),
    maskError,
    log,
    listener,
    isReady: () => isReady,
    origins,
    maxMessageBytes: limits.bodyBytes,
  })
  let closed: Promise<void> | undefined

  async function hangUp(patienceMs?: number): Promise<void> {
    await webSockets.closeConnections(patienceMs)
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
    closeConnections: hangUp,
    usage: () => total.usage(),
    watching: watcher.watching,
    close() {
      return (closed ??= close())
    },
  }
}

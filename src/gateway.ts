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
  /** The vendors to serve. `gateway.close()` closes them. */
  readonly vendors: readonly Vendor[]
  /**
   * Identifies the caller from the headers, once for each request and each WebSocket, before anything is executed. Null
   * rejects with 401. `createAuthenticate` makes one for API keys and JWTs. Default: `allowAnonymous`, everybody is admin.
   */
  readonly authenticate?: Authenticate
  /** Default: no log. */
  readonly log?: Log
  /** Gets one line for each cancel and each unauthenticated request. Default: `log`. */
  readonly auditLog?: Log
  /** Serves GraphiQL to browsers at `/graphql`. Default true. */
  readonly graphiql?: boolean
  /** Lets everybody introspect the schema and get suggestions in errors; otherwise only callers known as admin. Default true. */
  readonly introspection?: boolean
  /** Limits on operations. Default, also for what is left out: {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>
  /**
   * The load that this process accepts; operations beyond it get 503 with `Retry-After`. Default: no limit, because what
   * else runs in the process is not known. `npm start` uses `DEFAULT_LOAD_SHEDDING`.
   */
  readonly loadShedding?: LoadSheddingOptions
  /** Exact origins of other sites whose pages may use the gateway, and whether with cookies (default false). Default: none. */
  readonly cors?: { readonly origins: readonly string[]; readonly credentials?: boolean }
  /** Operations that callers may name by hash. Default: none. */
  readonly persistedOperations?: PersistedOperations | null
  /** The shortest interval between two polls of a watched job, in ms. Quiet jobs are polled less often, up to every 10 s. Default 600. */
  readonly pollMs?: number
  /** How long an outage lasts before subscribers are told, in ms. Default 15,000. */
  readonly outageGraceMs?: number
  /** Deadline for an operation's reads, and for starting the cancels of `cancelJobs`, in ms. Default 10,000. */
  readonly deadlineMs?: number
  /** Coordinates the instances that watch the same jobs. Default: this instance is alone. */
  readonly clusterBus?: ClusterBus
}

export interface Gateway {
  /** Answers a request to `/graphql`, `/health`, `/ready` or `/webhooks/…`. Opens no port. */
  fetch(request: Request): Promise<Response>
  /** The same for Node: `createServer(gateway.listener)`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Accepts WebSockets at `/graphql`: `server.on('upgrade', gateway.upgrade)`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** From now on `/ready` answers 503, and every response closes its connection, so that new requests go elsewhere. */
  drain(): void
  /**
   * Closes WebSockets with 1001 as soon as their queries and mutations are answered, then completes all other
   * subscriptions. Node's `server.close()` waits for these connections but cannot end them.
   * @param gracePeriodMs how long those queries and mutations may take, in ms; default 8000
   */
  closeConnections(gracePeriodMs?: number): Promise<void>
  /** Vendor requests of all operations so far, by vendor. */
  usage(): ReturnType<Meter['usage']>
  /** How many jobs are watched, and by how many subscribers. */
  watching(): ReturnType<Watcher['watching']>
  /**
   * Closes all connections of callers, waits for mutations in flight, and closes the vendors. Mutations whose deadline
   * has passed start no further cancel.
   */
  close(): Promise<void>
}

/** Builds the gateway. It opens no port; see `serve`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { vendors, log = silentLog, auditLog = log, authenticate = allowAnonymous, deadlineMs = 10_000 } = options
  const { graphiql = true, introspection = true, cors, persistedOperations } = options
  const { pollMs = 600, outageGraceMs = 15_000, clusterBus = SINGLE_INSTANCE } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const origins = createOrigins(cors?.origins)
  const graphiQL = graphiql ? createGraphiQL(vendors, authenticate === allowAnonymous) : null
  const totalUsage = createMeter()
  const pendingMutations = createPendingMutations()
  const watcher = createWatcher({ pollMs, outageGraceMs, deadlineMs, clusterBus, meter: totalUsage })
  const maskError = createErrorMask(log)
  const audit = createOperationAudit(auditLog)
  const loadShedder = createLoadShedder(options.loadShedding ?? { concurrentOperations: null, eventLoopDelayMs: null })
  const contextOptions = { vendors, log, auditLog, watcher, pendingMutations, deadlineMs, totalUsage }
  let isReady = true
  const yoga = createYoga<ServerContext>({
    schema: gatewaySchema(),
    context: ({ request, identity, requestId }) => createContext(contextOptions, request, { identity, requestId }),
    maskedErrors: { maskError },
    graphiql: graphiQL?.options ?? false,
    ...(graphiQL && { renderGraphiQL: graphiQL.page }),
    landingPage: false,
    logging: false,
    // Yoga's defaults let any site read responses with the visitor's cookies, and accept uploads. Plugins allow what is wanted.
    cors: false,
    multipart: false,
    batching: false,
    // Errors are not cached: honest clients send an invalid document once.
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
  const admission = createAdmissionControl({ yoga, loadShedder, origins, credentials: cors?.credentials ?? false })
  const listener = createNodeListener(admission.listener)
  const webSockets = createWebSocketEndpoint({
    authenticate,
    callerHeaders: vendors.flatMap(({ callerHeader = [] }) => callerHeader),
    run: createOperationRunner({ yoga, loadShedder, audit, maskError }),
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

  async function closeConnections(gracePeriodMs?: number): Promise<void> {
    await webSockets.closeConnections(gracePeriodMs)
    // Not earlier: WebSocket clients take a completed subscription for the job's end, and a closed connection for a reason to reconnect.
    watcher.close()
  }

  async function close(): Promise<void> {
    await closeConnections()
    await pendingMutations.settled()
    await Promise.all(vendors.map((vendor) => vendor.close()))
  }

  return {
    fetch: admission.fetch,
    listener,
    upgrade: webSockets.upgrade,
    drain() {
      isReady = false
      admission.drain()
    },
    closeConnections,
    usage: () => totalUsage.usage(),
    watching: watcher.watching,
    close() {
      return (closed ??= close())
    },
  }
}

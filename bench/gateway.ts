import { createGateway } from '../src/gateway.js'
import { silentLog } from '../src/job/log.js'
import { encodeJobId } from '../src/job/job-id.js'
import { createSharedState, type SharedStateOptions } from '../src/reads/shared-state.js'
import { connectCortex } from '../src/vendors/cortex/index.js'
import { connectKodexa } from '../src/vendors/kodexa/index.js'
import type { ConnectOptions } from '../src/vendors/module.js'
import { SINGLE_INSTANCE } from '../src/watch/cluster-bus.js'
import { connectClusterBus } from '../src/watch/redis-cluster-bus.js'
import { Secret } from '../src/job/secret.js'

export interface BenchGatewayOptions extends Partial<SharedStateOptions> {
  readonly cortexUrl: URL
  readonly kodexaUrl: URL
  /** Rate limit of Cortex in requests per window; null for none. */
  readonly limit: number | null
  /** Deadline of an operation in ms. */
  readonly deadlineMs?: number
}

/** Opens an embedded gateway in front of both vendors. */
export function openBenchGateway({
  cortexUrl,
  kodexaUrl,
  limit,
  deadlineMs = 10_000,
  ...options
}: BenchGatewayOptions) {
  const sharedState = createSharedState({ log: silentLog, ...options })
  const clusterBus = options.redisUrl === undefined ? SINGLE_INSTANCE : connectClusterBus(options.redisUrl, silentLog)
  const common = { apiKey: new Secret('bench'), headers: {}, timeoutMs: 10_000 }
  const connect: ConnectOptions = { log: silentLog, mode: 'LIVE', sharedState }
  const containers = { appId: 'c', collectionIds: [], workflowIds: [] }
  const dialect = { filter: null, sort: 'comma', pageBase: null } as const
  const gateway = createGateway({
    vendors: [
      connectCortex({ ...common, ...containers, baseUrl: cortexUrl, requestsPerMinute: limit }, connect),
      connectKodexa(
        { ...common, baseUrl: kodexaUrl, authHeader: 'x-api-key', requestsPerMinute: null, dialect },
        connect,
      ),
    ],
    clusterBus,
    deadlineMs,
    graphiql: false,
    // All clients share one address.
    limits: { operationsPerMinute: null },
  })
  return {
    listener: gateway.listener,
    upgrade: gateway.upgrade,
    usage: gateway.usage,
    watching: gateway.watching,
    /** Sends one query; returns its error codes, empty on success. */
    async ask(query: string, variables: object = {}, signal?: AbortSignal): Promise<readonly string[]> {
      const response = await gateway.fetch(
        new Request('http://bench.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
          ...(signal && { signal }),
        }),
      )
      const { errors = [] } = (await response.json()) as { errors?: { extensions?: { code?: string } }[] }
      return errors.map(({ extensions }) => extensions?.code ?? 'NONE')
    },
    async close() {
      await gateway.close()
      await Promise.all([clusterBus.close(), sharedState.close()])
    },
  }
}

export type BenchGateway = ReturnType<typeof openBenchGateway>

/** Global ids of the vendors' jobs. */
export const idOf = {
  record: (at: number, collection = 'col_0') => encodeJobId({ type: 'Record', path: ['c', collection, `rec_${at}`] }),
  run: (at: number, workflow = 'work_0') => encodeJobId({ type: 'WorkflowRun', path: ['c', workflow, `run_${at}`] }),
  execution: (at: number) =>
    encodeJobId({ type: 'Execution', path: [`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`] }),
}

export const NODES_QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status name } } }'

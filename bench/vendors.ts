import { startLoopbackServer, type LoopbackHandler, type LoopbackResponse } from '../src/sandbox/loopback-server.js'

/** Both vendors, with as many jobs as anybody asks for. */
export interface BenchVendors {
  readonly cortex: BenchVendor
  readonly kodexa: BenchVendor
  close(): Promise<void>
}

export interface BenchVendor {
  readonly url: URL
  /** When each request came, in the ms of `performance.now()`, oldest first. */
  readonly arrivals: readonly number[]
  /** The same for cancels alone. */
  readonly cancels: readonly number[]
}

/** How far a job has come; each vendor has its own words for it. */
export type Stage = 'waiting' | 'running' | 'done'

export interface BenchVendorOptions {
  /** How many jobs each collection and each workflow lists. */
  readonly jobsPerPlace: number
  /** Default: all of them run. */
  readonly stageOf?: (id: string) => Stage
  /** Which cancels fail. Default: none. */
  readonly failsToCancel?: (id: string) => boolean
}

const RECORD_WORDS = { waiting: 'QUEUED', running: 'RUNNING', done: 'COMPLETED' } as const
const RUN_WORDS = { waiting: 'PENDING', running: 'RUNNING', done: 'COMPLETED' } as const
const EXECUTION_WORDS = { waiting: 'PENDING', running: 'RUNNING', done: 'SUCCEEDED' } as const

/** Two servers on loopback that count. They know nothing of the gateway but the vendors' documented paths. */
export async function startBenchVendors(options: BenchVendorOptions): Promise<BenchVendors> {
  const { jobsPerPlace, stageOf = () => 'running', failsToCancel = () => false } = options
  const record = (id: string) => cortexJob(id, RECORD_WORDS[stageOf(id)])
  const run = (id: string) => cortexJob(id, RUN_WORDS[stageOf(id)])
  const execution = (id: string) => ({ id, status: EXECUTION_WORDS[stageOf(id)], createdOn: '2026-03-01T12:00:00Z' })
  const cancel =
    (job: (id: string) => object): LoopbackHandler =>
    ({ params }) =>
      failsToCancel(params.id!)
        ? { status: 503, body: { message: 'out of order' } }
        : ok({ ...job(params.id!), status: 'CANCELLED' })

  const cortex = await startCounting({
    'GET /apps/:app/collections/:place/records': ({ query }) => listOf('rec', jobsPerPlace, query, record),
    'GET /apps/:app/collections/:place/records/:id': ({ params }) => ok(record(params.id!)),
    'GET /apps/:app/collections/:place/records/:id/status': ({ params }) =>
      ok({ status: RECORD_WORDS[stageOf(params.id!)] }),
    'POST /apps/:app/collections/:place/records/:id/cancel': cancel(record),
    'GET /apps/:app/workflows/:place/runs': ({ query }) => listOf('run', jobsPerPlace, query, run),
    'GET /apps/:app/workflows/:place/runs/:id': ({ params }) => ok(run(params.id!)),
    'POST /apps/:app/workflows/:place/runs/:id/cancel': cancel(run),
  })
  const kodexa = await startCounting({
    'GET /api/executions': ({ query }) => {
      const content = [...(query.get('filter') ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => execution(id!))
      return ok({ content, number: 0, size: content.length, totalElements: content.length, last: true })
    },
    'GET /api/executions/:id': ({ params }) => ok(execution(params.id!)),
    'PUT /api/executions/:id/cancel': cancel(execution),
  })
  return {
    cortex,
    kodexa,
    async close() {
      await Promise.all([cortex.close(), kodexa.close()])
    },
  }
}

async function startCounting(routes: Readonly<Record<string, LoopbackHandler>>) {
  const arrivals: number[] = []
  const cancels: number[] = []
  const server = await startLoopbackServer({
    routes,
    guard({ method }) {
      arrivals.push(performance.now())
      if (method !== 'GET') cancels.push(performance.now())
      return null
    },
    notFound: () => ({ status: 404, body: { message: 'Not found' } }),
  })
  return { url: server.url, arrivals, cancels, close: server.close }
}

function ok(body: unknown): LoopbackResponse {
  return { status: 200, body }
}

/** A bare array with its totals in headers, as Cortex documents its lists. */
function listOf(prefix: string, total: number, query: URLSearchParams, job: (id: string) => object): LoopbackResponse {
  const page = Number(query.get('page') ?? 1)
  const take = Number(query.get('take') ?? 100)
  const ids = Array.from({ length: total }, (_, at) => `${prefix}_${at}`).slice((page - 1) * take, page * take)
  return {
    status: 200,
    headers: { 'pagination-page': `${page}`, 'pagination-take': `${take}`, 'pagination-count': `${total}` },
    body: ids.map(job),
  }
}

function cortexJob(id: string, status: string) {
  return { id, name: id, status, created_at: '2026-03-01T12:00:00.000Z' }
}

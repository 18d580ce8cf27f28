import { startLoopbackServer, type LoopbackHandler, type LoopbackResponse } from '../src/sandbox/loopback-server.js'

/** Both vendors, with a job for every requested id. */
export interface BenchVendors {
  readonly cortex: BenchVendor
  readonly kodexa: BenchVendor
  close(): Promise<void>
}

export interface BenchVendor {
  readonly url: URL
  /** Arrival times of all requests in ms of `performance.now()`, oldest first. */
  readonly arrivals: readonly number[]
  /** Arrival times of the cancels. */
  readonly cancels: readonly number[]
}

/** Lifecycle stage of a job; each vendor has its own status for it. */
export type Stage = 'waiting' | 'running' | 'done'

export interface BenchVendorOptions {
  /** Number of jobs that each collection and workflow lists. */
  readonly jobsPerContainer: number
  /** Returns the stage of a job. Default: `running`. */
  readonly stageOf?: (id: string) => Stage
  /** Returns whether the cancel of a job fails. Default: never. */
  readonly failsToCancel?: (id: string) => boolean
}

const RECORD_STATUSES = { waiting: 'QUEUED', running: 'RUNNING', done: 'COMPLETED' } as const
const RUN_STATUSES = { waiting: 'PENDING', running: 'RUNNING', done: 'COMPLETED' } as const
const EXECUTION_STATUSES = { waiting: 'PENDING', running: 'RUNNING', done: 'SUCCEEDED' } as const

/** Starts two loopback servers that implement the vendors' documented paths and record arrival times. */
export async function startBenchVendors(options: BenchVendorOptions): Promise<BenchVendors> {
  const { jobsPerContainer, stageOf = () => 'running', failsToCancel = () => false } = options
  const record = (id: string) => cortexJob(id, RECORD_STATUSES[stageOf(id)])
  const run = (id: string) => cortexJob(id, RUN_STATUSES[stageOf(id)])
  const execution = (id: string) => ({ id, status: EXECUTION_STATUSES[stageOf(id)], createdOn: '2026-03-01T12:00:00Z' })
  const cancel =
    (job: (id: string) => object): LoopbackHandler =>
    ({ params }) =>
      failsToCancel(params.id!)
        ? { status: 503, body: { message: 'out of order' } }
        : ok({ ...job(params.id!), status: 'CANCELLED' })

  const cortex = await startRecordingServer({
    'GET /apps/:app/collections/:container/records': ({ query }) => listOf('rec', jobsPerContainer, query, record),
    'GET /apps/:app/collections/:container/records/:id': ({ params }) => ok(record(params.id!)),
    'GET /apps/:app/collections/:container/records/:id/status': ({ params }) =>
      ok({ status: RECORD_STATUSES[stageOf(params.id!)] }),
    'POST /apps/:app/collections/:container/records/:id/cancel': cancel(record),
    'GET /apps/:app/workflows/:container/runs': ({ query }) => listOf('run', jobsPerContainer, query, run),
    'GET /apps/:app/workflows/:container/runs/:id': ({ params }) => ok(run(params.id!)),
    'POST /apps/:app/workflows/:container/runs/:id/cancel': cancel(run),
  })
  const kodexa = await startRecordingServer({
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

async function startRecordingServer(routes: Readonly<Record<string, LoopbackHandler>>) {
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

/** A page of a Cortex list: an array, with the totals in headers. */
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

import { startLoopbackServer, type LoopbackHandler, type LoopbackReply } from '../src/sandbox/loopback-server.js'

/** Both vendors, with as many running jobs as anybody asks for. */
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

export interface BenchVendorOptions {
  /** How many jobs each collection and each workflow lists. */
  readonly jobsPerPlace: number
}

/** Two servers on loopback that count. They know nothing of the gateway but the vendors' documented paths. */
export async function startBenchVendors({ jobsPerPlace }: BenchVendorOptions): Promise<BenchVendors> {
  const cortex = await startCounting({
    'GET /apps/:app/collections/:place/records': ({ query }) => listOf('rec', jobsPerPlace, query),
    'GET /apps/:app/collections/:place/records/:id': ({ params }) => ok(cortexJob(params.id!)),
    'GET /apps/:app/collections/:place/records/:id/status': () => ok({ status: 'RUNNING' }),
    'POST /apps/:app/collections/:place/records/:id/cancel': ({ params }) => ok(cancelled(params.id!)),
    'GET /apps/:app/workflows/:place/runs': ({ query }) => listOf('run', jobsPerPlace, query),
    'GET /apps/:app/workflows/:place/runs/:id': ({ params }) => ok(cortexJob(params.id!)),
  })
  const kodexa = await startCounting({
    'GET /api/executions': ({ query }) => {
      const content = [...(query.get('filter') ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => execution(id!))
      return ok({ content, number: 0, size: content.length, totalElements: content.length, last: true })
    },
    'GET /api/executions/:id': ({ params }) => ok(execution(params.id!)),
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
      if (method === 'POST') cancels.push(performance.now())
      return null
    },
    notFound: () => ({ status: 404, body: { message: 'Not found' } }),
  })
  return { url: server.url, arrivals, cancels, close: server.close }
}

function ok(body: unknown): LoopbackReply {
  return { status: 200, body }
}

/** A bare array with its totals in headers, as Cortex documents its lists. */
function listOf(prefix: string, total: number, query: URLSearchParams): LoopbackReply {
  const page = Number(query.get('page') ?? 1)
  const take = Number(query.get('take') ?? 100)
  const ids = Array.from({ length: total }, (_, at) => `${prefix}_${at}`).slice((page - 1) * take, page * take)
  return {
    status: 200,
    headers: { 'pagination-page': `${page}`, 'pagination-take': `${take}`, 'pagination-count': `${total}` },
    body: ids.map(cortexJob),
  }
}

function cortexJob(id: string) {
  return { id, name: id, status: 'RUNNING', created_at: '2026-03-01T12:00:00.000Z' }
}

function cancelled(id: string) {
  return { ...cortexJob(id), status: 'CANCELLED' }
}

function execution(id: string) {
  return { id, status: 'RUNNING', createdOn: '2026-03-01T12:00:00Z' }
}

import { randomBytes } from 'node:crypto'
import type { WireExecution, WirePage } from '../../vendors/kodexa/wire.js'
import { startLoopbackServer, type LoopbackHandler, type LoopbackRequest } from '../loopback-server.js'
import { ACCOUNT } from './data/account.js'
import { STATUSES_BY_CODE } from '../../vendors/kodexa/status-codes.js'
import { pageOf, sortExecutions, type PageRules } from './execution-list.js'
import type { ExecutionSeed } from './execution-seed.js'
import { seedExecutions } from './executions.js'
import { parseFilter, type FilterGrammar } from './filter.js'
import { progressOf } from './plan.js'
import { Rejection, rejectionResponse } from './rejection.js'
import { wireStatusMessages } from './status-messages.js'
import { wireExecution } from './wire-execution.js'

/** How this instance behaves where the vendor's own material contradicts itself. */
export interface KodexaSandboxOptions extends Partial<PageRules & Omit<FilterGrammar, 'dialect'>> {
  /** The clock, in epoch ms. The executions follow it. Default: `Date.now`. */
  readonly now?: () => number
  /** Default `colon`. It decides the default of `listSyntax`: brackets with `equals`, else parentheses. */
  readonly filterDialect?: FilterGrammar['dialect']
  /** Whether executions carry the name of their status or its storage code. Filters take the name. Default `name`. */
  readonly statusAs?: 'name' | 'code'
}

/** A running fake of Kodexa, and how to reach it. */
export interface KodexaSandbox {
  /** The root of the instance: paths start with `/api`. */
  readonly baseUrl: URL
  /** A new one with every start. */
  readonly apiKey: string
  /** The requests it received, oldest first. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Starts a fake of Kodexa on a loopback port, with 120 executions of all statuses. */
export async function startKodexaSandbox(options: KodexaSandboxOptions = {}): Promise<KodexaSandbox> {
  const { now = Date.now, filterDialect: dialect = 'colon', statusAs = 'name' } = options
  const { listSyntax = dialect === 'equals' ? 'brackets' : 'parentheses', unfilterableFields = [] } = options
  const { pageBase = 1, maxPageSize = 1000 } = options
  const apiKey = `sandbox-${randomBytes(24).toString('base64url')}`
  const executions = new Map(seedExecutions(now()).map((execution) => [execution.id, execution]))

  const { url, requests, close } = await startLoopbackServer({
    // The current reference has no route for logs, so clients must expect a 404.
    routes: {
      'GET /api/executions': respond(({ query }) => listExecutions(query)),
      'GET /api/executions/:id': respond(({ params }) => withStatusFormat(wireExecution(find(params.id), now()))),
      'PUT /api/executions/:id/cancel': respond(({ params }) => withStatusFormat(cancel(find(params.id)))),
      'GET /api/executions/:id/status-messages': respond(({ params }) => wireStatusMessages(find(params.id), now())),
      'GET /api/account/me': respond(() => ACCOUNT),
    },
    // The newer header wins (authentication page).
    guard: (request) =>
      (request.headers['x-api-key'] ?? request.headers['x-access-token']) === apiKey
        ? null
        : reject(request, new Rejection(401, 'Authentication is required')),
    notFound: (request) => reject(request, new Rejection(404, 'There is nothing at this path')),
  })
  return { baseUrl: url, apiKey, requests, close }

  function listExecutions(query: URLSearchParams): WirePage {
    const filters = query.getAll('filter').filter((filter) => filter.trim() !== '')
    const grammar = { dialect, listSyntax, unfilterableFields }
    const predicates = [...filters.map((filter) => parseFilter(filter, grammar)), textSearch(query.get('query'))]
    const at = now()
    const rows = [...executions.values()]
      .map((execution) => wireExecution(execution, at))
      .filter((execution) => predicates.every((matches) => matches(execution)))
    const page = pageOf(sortExecutions(rows, query.get('sort')), query, { pageBase, maxPageSize })
    return { ...page, content: page.content?.map(withStatusFormat) }
  }

  function find(id = ''): ExecutionSeed {
    if (!UUID.test(id)) throw new Rejection(400, 'Invalid parameter', { id: 'must be a UUID' })
    const execution = executions.get(id.toLowerCase())
    if (execution === undefined) throw new Rejection(404, `Execution ${id} not found`)
    return execution
  }

  /** How Kodexa rejects the cancel of an ended execution is not documented; the 400 is the hardest case for a client. */
  function cancel(execution: ExecutionSeed): WireExecution {
    const at = now()
    const { status, endedAt } = progressOf(execution.plan, at)
    if (endedAt !== null) throw new Rejection(400, `Execution ${execution.id} is ${status} and cannot be cancelled`)
    if (status === 'CANCELLING') return wireExecution(execution, at)
    const cancelled = { ...execution, plan: { ...execution.plan, cancelledAt: at } }
    executions.set(execution.id, cancelled)
    return wireExecution(cancelled, at)
  }

  function withStatusFormat(execution: WireExecution): WireExecution {
    if (statusAs === 'name') return execution
    return { ...execution, status: STATUSES_BY_CODE.findIndex((status) => status === execution.status) }
  }

  function respond(handle: (request: LoopbackRequest) => unknown): LoopbackHandler {
    return (request) => {
      try {
        return { status: 200, body: handle(request) }
      } catch (error) {
        return reject(request, error)
      }
    }
  }

  function reject(request: LoopbackRequest, error: unknown) {
    return rejectionResponse(error, new URL(request.url, url).pathname, now())
  }
}

/** Matches executions by their description; `*` matches all. */
function textSearch(text: string | null): (execution: WireExecution) => boolean {
  if (text === null || text === '' || text === '*') return () => true
  const wanted = text.toLowerCase()
  return ({ description }) => description?.toLowerCase().includes(wanted) ?? false
}

import { randomBytes } from 'node:crypto'
import {
  startLoopbackServer,
  type LoopbackHandler,
  type LoopbackReply,
  type LoopbackRequest,
} from '../loopback-server.js'
import type { SandboxOptions } from '../../vendors/module.js'
import type { WireExecution, WirePage } from '../../vendors/kodexa/wire.js'
import { cancelExecution } from './cancel.js'
import { seedExecutions } from './executions.js'
import { parseFilter, type FilterGrammar } from './filter.js'
import { ACCOUNT } from './organization.js'
import { pageOf, type PageRules } from './page.js'
import { Refusal, refusalReply } from './refusal.js'
import type { SeededExecution } from './seeded-execution.js'
import { sortExecutions } from './sort.js'
import { STATUSES_BY_CODE } from '../../vendors/kodexa/status-codes.js'
import { statusMessagesOf } from './status-messages.js'
import { wireExecution } from './wire-execution.js'

/** How this instance differs where the vendor's own material contradicts itself. */
export interface KodexaSandboxOptions extends SandboxOptions {
  /** What `page` asks for the first page; the `number` in the answer counts from 0 either way. Default 1. */
  readonly pageBase?: PageRules['pageBase']
  /** Default 1000. */
  readonly maxPageSize?: number
  /** Default `colon`. */
  readonly filterDialect?: FilterGrammar['dialect']
  /** Default: brackets with the dialect `equals`, else parentheses. */
  readonly lists?: FilterGrammar['lists']
  /** Names of fields that a filter is refused for, such as `id`. */
  readonly refuses?: readonly string[]
  /** Whether executions carry their status as its name or as its storage code; filters take the name. Default `name`. */
  readonly statusAs?: 'name' | 'code'
}

/** A running sandbox, and how to reach it. */
export interface KodexaSandbox {
  /** The root of the instance: paths begin with `/api`. */
  readonly baseUrl: URL
  /** Another one with each start. */
  readonly apiKey: string
  /** What was asked of it, oldest first. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Takes how it is to behave, gives a Kodexa of its own on a loopback port: some 120 executions, in all statuses. */
export async function startKodexaSandbox(options: KodexaSandboxOptions = {}): Promise<KodexaSandbox> {
  const { now = Date.now, filterDialect: dialect = 'colon', refuses = [], statusAs = 'name' } = options
  const grammar: FilterGrammar = {
    dialect,
    lists: options.lists ?? (dialect === 'equals' ? 'brackets' : 'parentheses'),
    refuses,
  }
  const pageRules: PageRules = { pageBase: options.pageBase ?? 1, maxPageSize: options.maxPageSize ?? 1000 }
  const apiKey = `sandbox-${randomBytes(24).toString('base64url')}`
  const executions = new Map(seedExecutions(now()).map((execution) => [execution.id, execution]))

  const server = await startLoopbackServer({
    // No route for the logs: the current reference has none, and clients must live with the 404.
    routes: {
      'GET /api/executions': answer(({ query }) => listExecutions(query)),
      'GET /api/executions/:id': answer(({ params }) => present(wireExecution(find(params.id), now()))),
      'PUT /api/executions/:id/cancel': answer(({ params }) => present(cancel(params.id))),
      'GET /api/executions/:id/status-messages': answer(({ params }) => statusMessagesOf(find(params.id), now())),
      'GET /api/account/me': answer(() => ACCOUNT),
    },
    guard: (request) => (isAuthentic(request) ? null : refuse(request, new Refusal(401, 'Authentication is required'))),
    notFound: (request) => refuse(request, new Refusal(404, 'There is nothing at this path')),
  })
  return { baseUrl: server.url, apiKey, requests: server.requests, close: server.close }

  function listExecutions(query: URLSearchParams): WirePage {
    const filters = query.getAll('filter').filter((text) => text.trim() !== '')
    const tests = [...filters.map((text) => parseFilter(text, grammar)), textTest(query.get('query'))]
    const moment = now()
    const found = [...executions.values()]
      .map((execution) => wireExecution(execution, moment))
      .filter((execution) => tests.every((test) => test(execution)))
    const page = pageOf(sortExecutions(found, query.get('sort')), query, pageRules)
    return { ...page, content: page.content?.map(present) }
  }

  function find(id: string | undefined): SeededExecution {
    if (id === undefined || !UUID.test(id)) throw new Refusal(400, 'Invalid parameter', { id: 'must be a UUID' })
    const execution = executions.get(id.toLowerCase())
    if (execution === undefined) throw new Refusal(404, `Execution ${id} not found`)
    return execution
  }

  function cancel(id: string | undefined): WireExecution {
    const moment = now()
    const execution = cancelExecution(find(id), moment)
    executions.set(execution.id, execution)
    return wireExecution(execution, moment)
  }

  function present(execution: WireExecution): WireExecution {
    if (statusAs === 'name') return execution
    return { ...execution, status: STATUSES_BY_CODE.findIndex((status) => status === execution.status) }
  }

  /** The older header counts only where the newer one is missing (authentication page). */
  function isAuthentic({ headers }: LoopbackRequest): boolean {
    return (headers['x-api-key'] ?? headers['x-access-token']) === apiKey
  }

  function answer(handle: (request: LoopbackRequest) => unknown): LoopbackHandler {
    return (request) => {
      try {
        return { status: 200, body: handle(request) }
      } catch (error) {
        return refuse(request, error)
      }
    }
  }

  function refuse({ url }: LoopbackRequest, error: unknown): LoopbackReply {
    return refusalReply(error, new URL(url, server.url).pathname, now())
  }
}

/** `*` asks for everything. */
function textTest(text: string | null): (execution: WireExecution) => boolean {
  if (text === null || text === '' || text === '*') return () => true
  const wanted = text.toLowerCase()
  return ({ description }) => description?.toLowerCase().includes(wanted) ?? false
}

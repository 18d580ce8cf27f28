import { map, type JsonMap } from '../../http/lenient.js'
import { badResponse, type Upstream } from '../../http/upstream.js'
import { JobNotFoundError, VendorError } from '../../job/errors.js'
import type { Dialect } from './dialect.js'
import { writeFilter, type FilterClause, type FilterDialect } from './filter.js'
import { readExecutionPage, type ExecutionPage } from './page.js'

export interface ExecutionsQuery {
  /** From 1, whatever the instance counts from. */
  readonly page: number
  readonly pageSize: number
  readonly clauses: readonly FilterClause[]
  /** A filter in the vendor's own language, passed on as it is. */
  readonly verbatim?: string | null
}

/** Every call to Kodexa by name; paths as on the vendor's reference pages. Reads give null for a 404. */
export interface KodexaClient {
  /** `GET /api/executions/{id}` */
  getExecution(id: string): Promise<JsonMap | null>
  /** `GET /api/executions`, newest first, in the instance's own dialect. */
  listExecutions(query: ExecutionsQuery): Promise<ExecutionPage>
  /** `GET /api/executions/{id}/status-messages`: a bare array, oldest first, at most the last ten. */
  getStatusMessages(id: string): Promise<readonly unknown[] | null>
  /** `PUT /api/executions/{id}/cancel`, without a body. @throws {JobNotFoundError} */
  cancelExecution(id: string): Promise<JsonMap>
  /** `GET /api/account/me`: who this key belongs to. */
  ping(): Promise<void>
}

export function createKodexaClient(upstream: Upstream, dialect: Dialect, signal: AbortSignal): KodexaClient {
  async function get(path: readonly string[]): Promise<unknown> {
    try {
      const answer = await upstream.read({ path: ['api', ...path], signal })
      return answer.body
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }

  async function list(query: ExecutionsQuery, filter: FilterDialect): Promise<ExecutionPage> {
    const asked = await requestPage(query, filter, dialect.pageBase())
    if (dialect.pageBase() === 0 || asked.pageBase === null) return asked
    dialect.learnPageBase(asked.pageBase)
    return dialect.pageBase() === 1 ? asked : requestPage(query, filter, 0)
  }

  async function requestPage(query: ExecutionsQuery, filter: FilterDialect, base: 0 | 1): Promise<ExecutionPage> {
    const { page, pageSize, clauses, verbatim } = query
    const answer = await upstream.read({
      path: ['api', 'executions'],
      query: {
        page: page - 1 + base,
        pageSize,
        sort: dialect.sort === 'comma' ? 'createdOn,desc' : 'createdOn:desc',
        filter: writeFilter(filter, clauses, verbatim),
      },
      signal,
    })
    return readExecutionPage(answer.body, page, pageSize)
  }

  return {
    async getExecution(id) {
      const body = await get(['executions', id])
      return body === null ? null : asObject(body)
    },
    // Without a clause of ours there is nothing to spell, and a refusal is about the caller's own filter.
    listExecutions: (query) => (query.clauses.length === 0 ? list(query, 'colon') : dialect.withFilter((filter) => list(query, filter))),
    async getStatusMessages(id) {
      const body = await get(['executions', id, 'status-messages'])
      if (body !== null && !Array.isArray(body)) throw badResponse('KODEXA', 'is not a list')
      return body
    },
    async cancelExecution(id) {
      try {
        const answer = await upstream.write({ method: 'PUT', path: ['api', 'executions', id, 'cancel'] })
        return asObject(answer.body)
      } catch (error) {
        throw isNotFound(error) ? new JobNotFoundError('Kodexa knows no such execution.') : error
      }
    },
    async ping() {
      await get(['account', 'me'])
    },
  }
}

function asObject(body: unknown): JsonMap {
  const object = map(body)
  if (object === null) throw badResponse('KODEXA', 'is not an object')
  return object
}

function isNotFound(error: unknown): boolean {
  return error instanceof VendorError && error.details.httpStatus === 404
}

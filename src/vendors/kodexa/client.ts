import type { JsonResponse } from '../../upstream/json-request.js'
import { badResponse } from '../../upstream/http-transport.js'
import { readObject, type JsonObject } from '../../upstream/lenient.js'
import type { UpstreamClient } from '../../upstream/upstream.js'
import type { CancelResponse } from '../../job/cancel.js'
import { JobNotFoundError, VendorError } from '../../job/errors.js'
import type { Dialect } from './dialect.js'
import { writeFilter, writeIdFilter, type FilterClause, type FilterDialect, type ListStyle } from './filter.js'
import { readExecutionPage, type ExecutionPage } from './page.js'

export interface ExecutionsQuery {
  /** From 1, whatever page base the instance has. */
  readonly page: number
  readonly pageSize: number
  readonly clauses: readonly FilterClause[]
  /** A filter in the vendor's own language, passed on unchanged. */
  readonly verbatim?: string | null
}

export interface ExecutionIdsQuery {
  readonly page: number
  readonly pageSize: number
  readonly ids: readonly string[]
  readonly style: ListStyle
}

/** Every call to Kodexa, with the paths of the vendor's reference. Reads return null for a 404. */
export interface KodexaClient {
  /** `GET /api/executions/{id}` */
  getExecution(id: string): Promise<JsonObject | null>
  /** `GET /api/executions`, newest first, in the instance's own dialect. */
  listExecutions(query: ExecutionsQuery): Promise<ExecutionPage>
  /** `GET /api/executions`, filtered by id. */
  findExecutions(query: ExecutionIdsQuery): Promise<ExecutionPage>
  /** `GET /api/executions/{id}/status-messages`: a bare array, oldest first, at most the last ten. */
  getStatusMessages(id: string): Promise<readonly unknown[] | null>
  /** `PUT /api/executions/{id}/cancel`, without a body. @throws {JobNotFoundError} */
  cancelExecution(id: string): Promise<CancelResponse<JsonObject>>
  /** Lists one execution: the smallest documented read. @throws {VendorError} for a 404, too */
  ping(): Promise<void>
}

export function createKodexaClient(upstream: UpstreamClient, dialect: Dialect): KodexaClient {
  async function get(path: readonly string[]): Promise<JsonResponse | null> {
    try {
      return await upstream.read({ path: ['api', ...path] })
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }

  async function list(page: number, pageSize: number, filter: string | undefined): Promise<ExecutionPage> {
    const base = dialect.pageBase()
    const response = await requestPage(page, pageSize, filter, base)
    if (base === 1 && response.pageBase !== null) dialect.learnPageBase(response.pageBase)
    // The first response showed another base: it was the wrong page.
    return dialect.pageBase() === base ? response : requestPage(page, pageSize, filter, dialect.pageBase())
  }

  async function requestPage(
    page: number,
    pageSize: number,
    filter: string | undefined,
    base: 0 | 1,
  ): Promise<ExecutionPage> {
    const sort = dialect.sort === 'comma' ? 'createdOn,desc' : 'createdOn:desc'
    const response = await upstream.read({
      path: ['api', 'executions'],
      query: { page: page - 1 + base, pageSize, sort, filter },
    })
    return readExecutionPage(response.body, page, pageSize)
  }

  return {
    async getExecution(id) {
      const response = await get(['executions', id])
      return response && asObject(response)
    },
    // Without clauses there is no dialect to detect: a rejection is about the caller's own filter.
    listExecutions({ page, pageSize, clauses, verbatim }) {
      const call = (filterDialect: FilterDialect) => list(page, pageSize, writeFilter(filterDialect, clauses, verbatim))
      return clauses.length === 0 ? call('colon') : dialect.withFilter(call)
    },
    findExecutions: ({ page, pageSize, ids, style }) => list(page, pageSize, writeIdFilter(style, ids)),
    async getStatusMessages(id) {
      const response = await get(['executions', id, 'status-messages'])
      if (response === null) return null
      if (!Array.isArray(response.body)) throw badResponse('KODEXA', 'is not a list')
      return response.body as readonly unknown[]
    },
    async cancelExecution(id) {
      try {
        const response = await upstream.write({ method: 'PUT', path: ['api', 'executions', id, 'cancel'] })
        return { httpStatus: response.status, job: asObject(response) }
      } catch (error) {
        throw isNotFound(error) ? new JobNotFoundError('Kodexa has no such execution. Check the id.', 404) : error
      }
    },
    async ping() {
      await requestPage(1, 1, undefined, dialect.pageBase())
    },
  }
}

function asObject({ body, status }: JsonResponse): JsonObject {
  const object = readObject(body)
  if (object === null) throw badResponse('KODEXA', 'is not an object', { httpStatus: status })
  return object
}

function isNotFound(error: unknown): boolean {
  return error instanceof VendorError && error.details.httpStatus === 404
}

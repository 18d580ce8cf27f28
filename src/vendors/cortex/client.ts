import type { JsonResponse } from '../../upstream/json-request.js'
import { readInteger, readArray, readObject, type JsonObject } from '../../upstream/lenient.js'
import { badResponse, type UpstreamCall } from '../../upstream/http-transport.js'
import type { UpstreamClient } from '../../upstream/upstream.js'
import type { CancelResponse } from '../../job/cancel.js'
import { VendorError, JobNotFoundError } from '../../job/errors.js'
import { EMPTY_PAGE, pageInfoOf, type Page } from '../../job/page.js'
import type { RecordAddress, RunAddress } from './address.js'
import type { WireRecordStatus, WireRunOrigin, WireRunStatus } from './wire.js'

export interface PageQuery {
  /** From 1. */
  readonly page: number
  readonly take: number
}

export interface RecordsQuery extends PageQuery {
  readonly appId: string
  readonly collectionId: string
  readonly status?: WireRecordStatus | undefined
  readonly search?: string | undefined
  readonly tagIds?: readonly string[] | undefined
  readonly verbose?: boolean | undefined
}

export interface RunsQuery extends PageQuery {
  readonly appId: string
  readonly workflowId: string
  readonly status?: WireRunStatus | undefined
  readonly origin?: WireRunOrigin | undefined
  readonly verbose?: boolean | undefined
}

export interface ContainersQuery extends PageQuery {
  readonly appId: string
}

/** The body is a bare array; totals come from the headers. */
export interface WirePage extends Omit<Page<unknown>, 'items'> {
  readonly rows: readonly unknown[]
}

/** Every call to Cortex, with the paths of the vendor's documentation. Reads return null for a 404. */
export interface CortexClient {
  /** `GET /apps/{app}/collections`. Null when the app is unknown. */
  listCollections(query: ContainersQuery): Promise<WirePage | null>
  /** `GET /apps/{app}/workflows`. Null when the app is unknown. */
  listWorkflows(query: ContainersQuery): Promise<WirePage | null>
  /** `GET /apps/{app}/collections/{collection}/records/{record}` */
  getRecord(address: RecordAddress, verbose: boolean): Promise<JsonObject | null>
  /** `GET …/records/{record}/status`: small, and the only response with validation errors. */
  getRecordStatus(address: RecordAddress): Promise<JsonObject | null>
  /** `GET …/records`. Null when the collection is unknown. */
  listRecords(query: RecordsQuery): Promise<WirePage | null>
  /** `POST …/records/{record}/cancel`. @throws {JobNotFoundError} */
  cancelRecord(address: RecordAddress): Promise<CancelResponse<JsonObject>>
  /** `GET /apps/{app}/workflows/{workflow}/runs/{run}` */
  getRun(address: RunAddress, verbose: boolean): Promise<JsonObject | null>
  /** `GET …/runs`. Null when the workflow is unknown. */
  listRuns(query: RunsQuery): Promise<WirePage | null>
  /** `POST …/runs/{run}/cancel`, or the same below `workflows/discover`. @throws {JobNotFoundError} */
  cancelRun(address: RunAddress): Promise<CancelResponse<JsonObject>>
  /** Lists one workflow: the smallest read that every key is allowed. @throws {VendorError} for a 404, too */
  ping(appId: string): Promise<void>
}

export function createCortexClient(upstream: UpstreamClient): CortexClient {
  async function get(path: readonly string[], query: UpstreamCall['query'] = {}) {
    try {
      return await upstream.read({ path, query })
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }

  async function getOne(path: readonly string[], query?: Parameters<typeof get>[1]): Promise<JsonObject | null> {
    const response = await get(path, query)
    return response && asObject(response)
  }

  async function getPage(
    path: readonly string[],
    query: PageQuery & NonNullable<Parameters<typeof get>[1]>,
  ): Promise<WirePage | null> {
    const response = await get(path, query)
    // The response for a page after the last one is not documented. An unknown container has no first page either.
    if (response === null) return query.page === 1 ? null : { ...EMPTY_PAGE, rows: [], total: null }
    const rows = readArray(response.body)
    if (rows === null) throw badResponse('CORTEX', 'is not a list')
    const total = headerNumber(response.headers['pagination-count'])
    const size = headerNumber(response.headers['pagination-take'])
    return {
      rows,
      total,
      ...pageInfoOf({ page: query.page, requested: query.take, rows: rows.length, total, size, last: null }),
    }
  }

  async function post(path: readonly string[]): Promise<CancelResponse<JsonObject>> {
    try {
      const response = await upstream.write({ method: 'POST', path })
      return { httpStatus: response.status, job: asObject(response) }
    } catch (error) {
      throw isNotFound(error)
        ? new JobNotFoundError('Cortex has no such job. Check the id, and the app and container it belongs to.', 404)
        : error
    }
  }

  return {
    listCollections: ({ appId, ...query }) => getPage(['apps', appId, 'collections'], query),
    listWorkflows: ({ appId, ...query }) => getPage(['apps', appId, 'workflows'], query),
    getRecord: (address, verbose) => getOne(recordPath(address), { verbose: verboseFlag(verbose) }),
    getRecordStatus: (address) => getOne([...recordPath(address), 'status']),
    listRecords: ({ appId, collectionId, tagIds, verbose, ...query }) =>
      getPage(['apps', appId, 'collections', collectionId, 'records'], {
        ...query,
        tag_ids: tagIds,
        verbose: verboseFlag(verbose),
      }),
    cancelRecord: (address) => post([...recordPath(address), 'cancel']),
    getRun: (address, verbose) => getOne(runPath(address), { verbose: verboseFlag(verbose) }),
    listRuns: ({ appId, workflowId, verbose, ...query }) =>
      getPage(['apps', appId, 'workflows', workflowId, 'runs'], { ...query, verbose: verboseFlag(verbose) }),
    cancelRun: (address) => post([...runPath(address), 'cancel']),
    async ping(appId) {
      await upstream.read({ path: ['apps', appId, 'workflows'], query: { take: 1 } })
    },
  }
}

function recordPath({ appId, collectionId, recordId }: RecordAddress): readonly string[] {
  return ['apps', appId, 'collections', collectionId, 'records', recordId]
}

function runPath({ appId, workflowId, runId, discoverable }: RunAddress): readonly string[] {
  return ['apps', appId, 'workflows', ...(discoverable ? ['discover'] : []), workflowId, 'runs', runId]
}

/** `all` is the only documented value. */
function verboseFlag(verbose: boolean | undefined): string | undefined {
  return verbose ? 'all' : undefined
}

function headerNumber(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && value.trim() !== '' ? readInteger(Number(value)) : null
}

function asObject({ body, status }: JsonResponse): JsonObject {
  const object = readObject(body)
  if (object === null) throw badResponse('CORTEX', 'is not an object', { httpStatus: status })
  return object
}

function isNotFound(error: unknown): boolean {
  return error instanceof VendorError && error.details.httpStatus === 404
}

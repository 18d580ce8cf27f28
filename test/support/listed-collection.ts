import type { Job } from '../../src/job/job.js'
import { VendorError } from '../../src/job/errors.js'
import type { ReadItem } from '../../src/reads/read-cache.js'
import type { UpstreamCall } from '../../src/upstream/http-transport.js'
import type { JsonResponse } from '../../src/upstream/json-request.js'
import type { UpstreamClient } from '../../src/upstream/upstream.js'
import type { DetailLevel } from '../../src/vendors/cortex/read-plan.js'

export type ReadResult = ReadItem<Job, DetailLevel> | Error

/** A collection and how its list behaves. */
export interface ListedCollection {
  /** In the order of the list. */
  readonly ids: readonly string[]
  /** The maximum page size; null for none. */
  readonly maxTake: number | null
  readonly sendsTotal: boolean
  readonly sendsTake: boolean
  readonly fault: ListFault
}

export type ListFault =
  'none' | 'same page always' | 'all on one page' | 'rows shift' | 'invalid rows' | 'unrelated rows' | 'no list'

export const EMPTY_COLLECTION: ListedCollection = {
  ids: [],
  maxTake: null,
  sendsTotal: true,
  sendsTake: true,
  fault: 'none',
}
const RECORDS_PATH = ['apps', 'c', 'collections', 'col_1', 'records']

export const rowOf = (id: string) => ({ id, name: `the name of ${id}`, status: 'COMPLETED' })

/** Returns `rec_1` to `rec_count`. */
export function idsUpTo(count: number, prefix = 'rec'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}_${index + 1}`)
}

/** Returns one page of the list of a collection. */
export function pageOf(collection: ListedCollection, page: number, requestedTake: number) {
  const take = Math.min(requestedTake, collection.maxTake ?? requestedTake)
  const { sendsTotal, sendsTake, fault } = collection
  const ids = fault === 'rows shift' ? [...idsUpTo(page - 1, 'new'), ...collection.ids] : collection.ids
  const start = fault === 'same page always' ? 0 : (page - 1) * take
  const rows: unknown[] = (fault === 'all on one page' ? ids : ids.slice(start, start + take)).map(rowOf)
  if (fault === 'invalid rows')
    rows.forEach((_, index) => index % 3 === 0 && (rows[index] = index % 2 ? null : { name: 'no id' }))
  if (fault === 'unrelated rows') rows.unshift(...idsUpTo(3, 'unrelated').map(rowOf))
  const headers: Record<string, string> = {
    ...(sendsTotal && { 'pagination-count': String(ids.length) }),
    ...(sendsTake && { 'pagination-take': String(take) }),
  }
  return { rows, headers }
}

/** Returns a client that reads from a collection without a network, and its calls. */
export function clientOf(collection: ListedCollection): {
  readonly client: UpstreamClient
  readonly calls: readonly string[]
} {
  const calls: string[] = []
  const ok = (body: unknown, headers = {}): JsonResponse => ({ status: 200, headers, body, text: '' })
  const notFound = () => new VendorError('CORTEX', 'VENDOR_REJECTED', 'unknown', { httpStatus: 404 })
  async function read({ path, query = {} }: UpstreamCall): Promise<JsonResponse> {
    calls.push(path.slice(RECORDS_PATH.length).join('/') || `list ${String(query['page'])}`)
    await Promise.resolve()
    const [id] = path.slice(RECORDS_PATH.length)
    if (id === undefined && collection.fault === 'no list') throw notFound()
    if (id === undefined) {
      const { rows, headers } = pageOf(collection, Number(query['page']), Number(query['take']))
      return ok(rows, headers)
    }
    if (!collection.ids.includes(id)) throw notFound()
    return ok(rowOf(id))
  }
  const write = () => Promise.reject(new Error('Unexpected write.'))
  return { client: { read, write }, calls }
}

/** Returns the request for one record. */
export const record = (recordId: string, detail: DetailLevel = 'plain', collectionId = 'col_1') => ({
  address: { appId: 'c', collectionId, recordId },
  detail,
})

/** Returns the request for one run. */
export const run = (runId: string, detail: DetailLevel = 'plain') => ({
  address: { appId: 'c', workflowId: 'work_1', runId, discoverable: false },
  detail,
})

/** Returns the names of the jobs, null for those that were not found, and the messages of errors. */
export function namesOf(results: readonly ReadResult[]): (string | null)[] {
  return results.map((result) => (result instanceof Error ? result.message : (result.item?.name ?? null)))
}

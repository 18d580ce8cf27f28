import { VendorError } from '../../job/errors.js'
import type { BatchSupport } from './batch-support.js'
import type { KodexaClient } from './client.js'
import { isRejectedFilter } from './dialect.js'
import type { ListStyle } from './filter.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import { readExecution } from './read-execution.js'

/** Each id takes about 45 bytes of URL, so 50 stay below the limits of common servers. */
const CHUNK_SIZE = 50

type Result = Execution | null | Error

/**
 * Reads executions by id: one by its own path, several with one filtered list per 50. Rows are matched by id, never by
 * position. When the instance rejects or ignores the filter, each is read by its own path, and that is remembered.
 */
export function createChunkReader(client: KodexaClient, normaliser: Normaliser, support: BatchSupport) {
  const readOne = (id: string): Promise<Result> => readExecution(client, normaliser, id).catch((error: Error) => error)

  const readEach = (ids: readonly string[]) => Promise.all(ids.map(readOne))

  async function readChunk(ids: readonly string[]): Promise<Result[]> {
    const style = ids.length === 1 ? null : support.style()
    if (style === null) return readEach(ids)
    let found: ReadonlyMap<string, Execution> | null
    try {
      found = await findByIds(style, ids)
    } catch (error) {
      return retryRejected(error as Error, style, ids)
    }
    if (found === null) {
      support.markIgnored()
      return readEach(ids)
    }
    if (found.size > 0) support.markWorking()
    if (support.isProven()) return ids.map((id) => found.get(id.toLowerCase()) ?? null)
    // An empty list before any hit may mean that the instance reads the filter differently.
    const results = await readEach(ids)
    if (results.some((result) => result !== null && !(result instanceof Error))) support.markIgnored()
    return results
  }

  async function retryRejected(error: Error, style: ListStyle, ids: readonly string[]): Promise<Result[]> {
    if (isRejectedFilter(error)) {
      support.markRejected(style)
      return readChunk(ids)
    }
    // A server error may be this instance's way to reject a filter. If a single read succeeds, it was.
    if (support.isProven() || !isServerError(error)) throw error
    const first = await readOne(ids[0]!)
    if (first instanceof Error) throw error
    support.markRejected(style)
    return [first, ...(await readChunk(ids.slice(1)))]
  }

  /** By lower-case id; null when other executions were among the rows: the instance does not filter by id. */
  async function findByIds(style: ListStyle, ids: readonly string[]): Promise<ReadonlyMap<string, Execution> | null> {
    const requested = new Set(ids.map((id) => id.toLowerCase()))
    const found = new Map<string, Execution>()
    let size = ids.length
    // Takes several pages only when the instance caps the page size.
    for (let page = 1; page <= ids.length; page++) {
      const list = await client.findExecutions({ page, pageSize: size, ids, style })
      for (const execution of normaliser.executions(list.rows)) {
        const id = execution.vendorId.toLowerCase()
        if (!requested.has(id)) return null
        found.set(id, execution)
      }
      if (list.isLast || found.size === requested.size) break
      size = list.cap ?? size
    }
    return found
  }

  return async function readAll(ids: readonly string[]): Promise<Result[]> {
    const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK_SIZE) }, (_, at) =>
      ids.slice(at * CHUNK_SIZE, (at + 1) * CHUNK_SIZE),
    )
    const read = (chunk: readonly string[]) => readChunk(chunk).catch((error: Error) => chunk.map(() => error))
    // Until support is known, the first chunk detects it for all.
    const first = support.isProven() || support.style() === null ? [] : [await read(chunks.shift()!)]
    return [...first, ...(await Promise.all(chunks.map(read)))].flat()
  }
}

/** Excludes the statuses that proxies return for an unavailable server. */
function isServerError(error: Error): boolean {
  return error instanceof VendorError && (error.details.httpStatus === 500 || error.details.httpStatus === 501)
}

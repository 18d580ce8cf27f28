import { VendorError } from '../../job/errors.js'
import type { BatchSupport } from './batch-support.js'
import type { KodexaClient } from './client.js'
import { isRejectedFilter } from './dialect.js'
import type { ListStyle } from './filter.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import { readExecution } from './read-execution.js'

/** About 45 bytes of URL an id: 50 of them stay below every server's limit. */
const CHUNK = 50

type Answer = Execution | null | Error

/**
 * Executions by id: several by one filtered list for each 50. Rows are matched by id, never by place. Where the
 * instance refuses the filter or pays no heed to it, each is read by its own path, and that is remembered.
 */
export function createChunkReader(client: KodexaClient, normaliser: Normaliser, support: BatchSupport) {
  const readOne = (id: string): Promise<Answer> => readExecution(client, normaliser, id).catch((error: Error) => error)

  const readEach = (ids: readonly string[]) => Promise.all(ids.map(readOne))

  async function readChunk(ids: readonly string[]): Promise<Answer[]> {
    const style = ids.length === 1 ? null : support.style()
    if (style === null) return readEach(ids)
    let found: ReadonlyMap<string, Execution> | null
    try {
      found = await findByIds(style, ids)
    } catch (error) {
      return readDespite(error as Error, style, ids)
    }
    if (found === null) {
      support.markIgnored()
      return readEach(ids)
    }
    if (found.size > 0) support.markWorking()
    if (support.isProven()) return ids.map((id) => found.get(id.toLowerCase()) ?? null)
    // An empty answer from an instance that never gave another may only mean that it reads the filter differently.
    const each = await readEach(ids)
    if (each.some((answer) => answer !== null && !(answer instanceof Error))) support.markIgnored()
    return each
  }

  async function readDespite(error: Error, style: ListStyle, ids: readonly string[]): Promise<Answer[]> {
    if (isRejectedFilter(error)) {
      support.markRejected(style)
      return readChunk(ids)
    }
    // A server error may be this instance's way to refuse a filter that never worked: if one execution can be read by itself, it was.
    if (support.isProven() || !isServerError(error)) throw error
    const first = await readOne(ids[0]!)
    if (first instanceof Error) throw error
    support.markRejected(style)
    return [first, ...(await readChunk(ids.slice(1)))]
  }

  /** By lower-case id; null when strangers were among the answers: the instance does not filter by id. */
  async function findByIds(style: ListStyle, ids: readonly string[]): Promise<ReadonlyMap<string, Execution> | null> {
    const wanted = new Set(ids.map((id) => id.toLowerCase()))
    const found = new Map<string, Execution>()
    let size = ids.length
    // More than one page only where the instance caps pages below what was asked for.
    for (let page = 1; page <= ids.length; page++) {
      const answer = await client.findExecutions({ page, pageSize: size, ids, style })
      for (const execution of normaliser.executions(answer.rows)) {
        const id = execution.vendorId.toLowerCase()
        if (!wanted.has(id)) return null
        found.set(id, execution)
      }
      if (answer.isLast || found.size === wanted.size) break
      size = answer.cap ?? size
    }
    return found
  }

  return async function readAll(ids: readonly string[]): Promise<Answer[]> {
    const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) =>
      ids.slice(at * CHUNK, (at + 1) * CHUNK),
    )
    const read = (chunk: readonly string[]) => readChunk(chunk).catch((error: Error) => chunk.map(() => error))
    // The first one finds out for all, while that is still to be found out.
    const known = support.isProven() || support.style() === null ? [] : [await read(chunks.shift()!)]
    return [...known, ...(await Promise.all(chunks.map(read)))].flat()
  }
}

/** Not those that proxies answer for a server that is away. */
function isServerError(error: Error): boolean {
  return error instanceof VendorError && (error.details.httpStatus === 500 || error.details.httpStatus === 501)
}

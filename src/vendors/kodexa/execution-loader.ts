import DataLoader from 'dataloader'
import { VendorError } from '../../job/errors.js'
import type { BatchSupport } from './batch-support.js'
import type { KodexaClient } from './client.js'
import type { Normaliser } from './normalise/index.js'
import type { Execution } from './normalise/execution.js'

/** About 45 bytes of URL an id: 50 of them stay below every server's limit. */
const CHUNK = 50

export type ExecutionLoader = DataLoader<string, Execution | null, string>

/**
 * Executions by id, those of one tick together: one by its own path, several by one filtered list for each 50.
 * Rows are matched by id, never by place. Where the instance refuses the filter or pays no heed to it, each is read
 * by its own path, and that is remembered.
 */
export function createExecutionLoader(client: KodexaClient, normaliser: Normaliser, support: BatchSupport): ExecutionLoader {
  async function readOne(id: string): Promise<Execution | null> {
    const wire = await client.getExecution(id)
    return wire && normaliser.execution(wire, id)
  }

  const readEach = (ids: readonly string[]) => Promise.all(ids.map((id) => readOne(id).catch((error: Error) => error)))

  async function readChunk(ids: readonly string[]): Promise<(Execution | null | Error)[]> {
    if (ids.length === 1 || !support.worthTrying()) return readEach(ids)
    const found = await findByIds(ids)
    if (found === null) {
      support.failed()
      return readEach(ids)
    }
    if (found.size > 0) support.succeeded()
    // An empty answer from an instance that never gave another may only mean that it reads the filter differently.
    if (!support.proven()) return readEach(ids)
    return ids.map((id) => found.get(id.toLowerCase()) ?? null)
  }

  /** By lower-case id; null when the instance does not filter by id. */
  async function findByIds(ids: readonly string[]): Promise<ReadonlyMap<string, Execution> | null> {
    const wanted = new Set(ids.map((id) => id.toLowerCase()))
    const found = new Map<string, Execution>()
    try {
      // More than one page only where the instance caps pages below what was asked for.
      for (let page = 1; page <= ids.length; page++) {
        const answer = await client.listExecutions({ page, pageSize: ids.length, clauses: [{ field: 'id', anyOf: ids }] })
        for (const execution of normaliser.executions(answer.rows)) {
          const id = execution.vendorId.toLowerCase()
          if (!wanted.has(id)) return null
          found.set(id, execution)
        }
        if (answer.isLast || found.size === wanted.size) break
      }
      return found
    } catch (error) {
      if (error instanceof VendorError && error.code === 'VENDOR_REJECTED') return null
      throw error
    }
  }

  async function readAll(ids: readonly string[]): Promise<(Execution | null | Error)[]> {
    const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) => ids.slice(at * CHUNK, (at + 1) * CHUNK))
    const answers = await Promise.all(chunks.map((chunk) => readChunk(chunk).catch((error: Error) => chunk.map(() => error))))
    return answers.flat()
  }

  return new DataLoader<string, Execution | null, string>(readAll, { cacheKeyFn: (id) => id.toLowerCase() })
}

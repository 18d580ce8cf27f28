import type { ItemSource } from '../../reads/item-source.js'
import { createBatchSupport, type BatchSupport } from './batch-support.js'
import { createChunkReader } from './chunk-reader.js'
import { createKodexaClient } from './client.js'
import type { Dialect } from './dialect.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'

/** Every read returns the complete execution. */
const DETAIL_LEVELS = ['whole'] as const
export type DetailLevel = (typeof DETAIL_LEVELS)[number]

/** The documented form of an id. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Other ids are batched separately: an instance may reject a filter with one of them. */
type BatchKey = 'executions' | 'others'

/**
 * Reads executions: one by its own path, several together.
 * @param createSupport tracks what the instance supports, for ids of one form
 */
export function createExecutionSource(
  normaliser: Normaliser,
  dialect: Dialect,
  createSupport: () => BatchSupport = createBatchSupport,
): ItemSource<string, Execution, DetailLevel> {
  const batchKeyOf = (id: string): BatchKey => (UUID.test(id) ? 'executions' : 'others')
  const supports: Readonly<Record<BatchKey, BatchSupport>> = { executions: createSupport(), others: createSupport() }
  return {
    detailLevels: DETAIL_LEVELS,
    keyOf: executionKey,
    batchKeyOf,
    async read(upstream, requests) {
      const ids = requests.map(({ address }) => address)
      const readAll = createChunkReader(
        createKodexaClient(upstream, dialect),
        normaliser,
        supports[batchKeyOf(ids[0]!)],
      )
      const results = await readAll(ids)
      return results.map((result) => (result instanceof Error ? result : { item: result, detail: 'whole' as const }))
    },
  }
}

/** Whether the response to a cancel is the complete execution, as documented. A partial one must not be cached for long. */
export function isCompleteExecution({ createdAt }: Execution): boolean {
  return createdAt !== null
}

/** The execution's key, equal for all callers. */
export function executionKey(id: string): string {
  return `Execution ${id.toLowerCase()}`
}

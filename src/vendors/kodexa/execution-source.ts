import type { ItemSource } from '../../reads/item-source.js'
import { createBatchSupport, type BatchSupport } from './batch-support.js'
import { createChunkReader } from './chunk-reader.js'
import { createKodexaClient } from './client.js'
import type { Dialect } from './dialect.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'

/** There is one way to read an execution. */
const DETAIL_LEVELS = ['whole'] as const
export type DetailLevel = (typeof DETAIL_LEVELS)[number]

/** The documented form of an id. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Ids of another form are asked for apart: an instance may refuse a filter with one, and that must hurt nobody else. */
type BatchKey = 'executions' | 'others'

/**
 * How executions are read: one by its own path, several together.
 * @param createSupport remembers what the instance can do, for ids of one form
 */
export function createExecutionSource(
  normaliser: Normaliser,
  dialect: Dialect,
  createSupport: () => BatchSupport = createBatchSupport,
): ItemSource<string, Execution, DetailLevel> {
  const placeOf = (id: string): BatchKey => (UUID.test(id) ? 'executions' : 'others')
  const supports: Readonly<Record<BatchKey, BatchSupport>> = { executions: createSupport(), others: createSupport() }
  return {
    detailLevels: DETAIL_LEVELS,
    keyOf: executionKey,
    batchKeyOf: placeOf,
    async read(line, wanted) {
      const ids = wanted.map(({ address }) => address)
      const readAll = createChunkReader(createKodexaClient(line, dialect), normaliser, supports[placeOf(ids[0]!)])
      const answers = await readAll(ids)
      return answers.map((answer) => (answer instanceof Error ? answer : { item: answer, detail: 'whole' as const }))
    },
  }
}

/** Whether an answer to a cancel is the whole execution, as it is documented to be: a terse one must not pass for it for long. */
export function isCompleteExecution({ createdAt }: Execution): boolean {
  return createdAt !== null
}

/** One name for one execution, whoever asks for it. */
export function executionKey(id: string): string {
  return `Execution ${id.toLowerCase()}`
}

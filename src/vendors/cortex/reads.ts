import type { Upstream } from '../../upstream/upstream.js'
import { createResponseCache, type ResponseCache } from '../../reads/response-cache.js'
import { createSharedReads, type SharedReads } from '../../reads/shared-reads.js'
import type { SharedState } from '../../reads/shared-state.js'
import type { RecordAddress, RunAddress } from './address.js'
import type { Normaliser } from './normalise/index.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import type { DetailLevel } from './read-plan.js'
import { createRecordSource, createRecordStatusSource } from './record-source.js'
import { createRunSource } from './run-source.js'

/** Reads of Cortex, shared by all requests with one credential. */
export interface CortexReads {
  readonly records: SharedReads<RecordAddress, CortexRecord, DetailLevel>
  readonly recordStatuses: SharedReads<RecordAddress, CortexRecord, 'status'>
  readonly runs: SharedReads<RunAddress, WorkflowRun, DetailLevel>
  readonly responses: ResponseCache
}

export interface CortexReadsOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly sharedState: SharedState
  /** Identifies the credential. */
  readonly credentialKey: string
}

/** Create one for each credential. */
export function createCortexReads({
  upstream,
  normaliser,
  sharedState,
  credentialKey,
}: CortexReadsOptions): CortexReads {
  const common = { vendor: 'CORTEX', upstream, sharedState, credentialKey } as const
  return {
    records: createSharedReads({ ...common, source: createRecordSource(normaliser) }),
    recordStatuses: createSharedReads({ ...common, source: createRecordStatusSource(normaliser) }),
    runs: createSharedReads({ ...common, source: createRunSource(normaliser) }),
    responses: createResponseCache(common),
  }
}

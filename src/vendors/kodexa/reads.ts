import type { Upstream } from '../../upstream/upstream.js'
import { createResponseCache, type ResponseCache } from '../../reads/response-cache.js'
import { createSharedReads, type SharedReads } from '../../reads/shared-reads.js'
import type { SharedState } from '../../reads/shared-state.js'
import type { Dialect } from './dialect.js'
import { createExecutionSource, type DetailLevel } from './execution-source.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import { createRejections, type Rejections } from './rejections.js'

/** Reads of Kodexa, shared by all requests with one credential. */
export interface KodexaReads {
  readonly executions: SharedReads<string, Execution, DetailLevel>
  readonly responses: ResponseCache
  /** Status filters that the instance rejected. */
  readonly rejectedStatusFilters: Rejections
}

export interface KodexaReadsOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly dialect: Dialect
  readonly sharedState: SharedState
  /** Identifies the credential. */
  readonly credentialKey: string
}

/** Create one for each credential. */
export function createKodexaReads({
  upstream,
  normaliser,
  dialect,
  sharedState,
  credentialKey,
}: KodexaReadsOptions): KodexaReads {
  const common = { vendor: 'KODEXA', upstream, sharedState, credentialKey } as const
  const source = createExecutionSource(normaliser, dialect)
  return {
    executions: createSharedReads({ ...common, source }),
    responses: createResponseCache(common),
    rejectedStatusFilters: createRejections(),
  }
}

import { VendorError } from '../../src/job/errors.js'
import { silentLog } from '../../src/job/log.js'
import { createItemLoader, type ItemLoader } from '../../src/reads/item-loader.js'
import { createSharedReads } from '../../src/reads/shared-reads.js'
import { createUnlimitedLimiter } from '../../src/upstream/budget/unlimited-limiter.js'
import { createBatchSupport } from '../../src/vendors/kodexa/batch-support.js'
import { createDialect, type DialectSettings } from '../../src/vendors/kodexa/dialect.js'
import { parseErrorBody } from '../../src/vendors/kodexa/error-body.js'
import { createExecutionSource, type DetailLevel } from '../../src/vendors/kodexa/execution-source.js'
import type { Execution } from '../../src/vendors/kodexa/normalise/execution.js'
import { createNormaliser } from '../../src/vendors/kodexa/normalise/index.js'
import { testContext } from './test-context.js'
import { closeAfterTest } from './close-after-test.js'
import { emptySharedState } from './scripted-vendor.js'
import { openUpstream } from './upstream.js'

export type ExecutionLoader = ItemLoader<string, Execution, DetailLevel>

export const COLON: DialectSettings = { filter: 'colon', sort: 'comma', pageBase: 1 }

export interface ExecutionLoaderOptions {
  readonly apiKey?: string
  readonly settings?: DialectSettings
  readonly now?: () => number
}

/** Opens what lives as long as the gateway. Returns a function that creates the loader of one request. */
export function openExecutionLoaders(url: URL, options: ExecutionLoaderOptions = {}): () => ExecutionLoader {
  const { apiKey = 'key', settings = COLON, now = Date.now } = options
  const upstream = openUpstream({
    vendor: 'KODEXA',
    baseUrl: url,
    headers: { 'x-api-key': apiKey },
    timeoutMs: 5000,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody,
  })
  closeAfterTest(upstream.close)
  const support = createBatchSupport(now)
  const source = createExecutionSource(createNormaliser(silentLog), createDialect(settings), () => support)
  const executions = createSharedReads({
    vendor: 'KODEXA',
    upstream,
    sharedState: emptySharedState(),
    credentialKey: '',
    source,
  })
  return () => createItemLoader(executions, testContext())
}

/** Returns the ids that were found, null for those that were not, and the codes of VendorErrors. */
export async function load(loader: ExecutionLoader, ids: readonly string[]): Promise<(string | null)[]> {
  const results = await Promise.all(ids.map((id) => loader.load(id, 'whole').catch((error: Error) => error)))
  return results.map((result) => {
    if (result instanceof VendorError) return result.code
    if (result instanceof Error) throw result
    return result?.vendorId ?? null
  })
}

/** Returns `exe-1` to `exe-count`. */
export function executionIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `exe-${index + 1}`)
}

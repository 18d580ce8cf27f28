import type { Job } from '../../src/job/job.js'
import { silentLog } from '../../src/job/log.js'
import type { ReadItem } from '../../src/reads/read-cache.js'
import { createUnlimitedLimiter } from '../../src/upstream/budget/unlimited-limiter.js'
import { createNormaliser } from '../../src/vendors/cortex/normalise/index.js'
import type { DetailLevel } from '../../src/vendors/cortex/read-plan.js'
import { createRecordSource } from '../../src/vendors/cortex/record-source.js'
import { createRunSource } from '../../src/vendors/cortex/run-source.js'
import { testContext } from './test-context.js'
import { closeAfterTest } from './close-after-test.js'
import { idsUpTo, record, rowOf, type ReadResult, type run } from './listed-collection.js'
import { byRoute, json, startScriptedVendor, type Script } from './scripted-vendor.js'
import { openUpstream } from './upstream.js'

export interface CortexReader {
  readonly requests: readonly string[]
  records(requests: readonly ReturnType<typeof record>[]): Promise<readonly ReadResult[]>
  runs(requests: readonly ReturnType<typeof run>[]): Promise<readonly ReadResult[]>
  /** The extra items that the sources reported, such as `plain rec_2`. */
  readonly extraItems: readonly string[]
  /** Returns the requests since its last call. */
  takeRequests(): readonly string[]
  respondWith(script: Script): void
}

/** Opens the sources of records and runs in front of a server on loopback, for the running test. */
export async function openCortexReader(script: Script, timeoutMs = 2000): Promise<CortexReader> {
  const vendor = await startScriptedVendor(script)
  const upstream = openUpstream({
    vendor: 'CORTEX',
    baseUrl: vendor.url,
    headers: {},
    timeoutMs,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody: () => ({ message: null, incidentId: null }),
  })
  closeAfterTest(upstream.close, vendor.close)
  const normaliser = createNormaliser(silentLog)
  const [recordSource, runSource] = [createRecordSource(normaliser), createRunSource(normaliser)]
  const extraItems: string[] = []
  const onExtraItem = (_address: unknown, { item, detail }: ReadItem<Job, DetailLevel>) =>
    void extraItems.push(`${detail} ${item?.vendorId}`)
  let taken = 0
  const permittedClient = async () => (await upstream.acquirePermit(testContext()))(testContext())
  return {
    requests: vendor.requests,
    extraItems,
    respondWith: vendor.answer,
    records: async (requests) => recordSource.read(await permittedClient(), requests, onExtraItem),
    runs: async (requests) => runSource.read(await permittedClient(), requests, onExtraItem),
    takeRequests() {
      const latest = vendor.requests.slice(taken)
      taken = vendor.requests.length
      return latest
    },
  }
}

export const COLLECTION = '/apps/c/collections/col_1/records'
export const WORKFLOW = '/apps/c/workflows/work_1/runs'
export const TEN_RECORDS = idsUpTo(10).map((id) => record(id))

/** Responds to a get of one job; ids that start with `gone` are unknown. */
export const singleGet: Script = (request, response) => {
  const [, id, status] = /\/(?:records|runs)\/(\w+)(\/status)?/.exec(request.url!) ?? []
  if (id?.startsWith('gone')) return json(404, {})(request, response)
  json(200, status ? { status: 'COMPLETED' } : rowOf(id!))(request, response)
}

/** Responds to lists by this script, and to gets of one job by {@link singleGet}. */
export const listingBy = (list: Script): Script =>
  byRoute({ [`GET (${COLLECTION}|${WORKFLOW})`]: list, 'GET .*': singleGet })

export const isList = (request: string) => /\/(records|runs)\?/.test(request)
export const rowsOf = (ids: readonly string[]) => json(200, ids.map(rowOf))

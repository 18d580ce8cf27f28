import { bypassCache, createCallContext, type CallContext } from '../../upstream/call-context.js'
import type { Upstream } from '../../upstream/upstream.js'
import { cancelJob, mapCancelResponse, type Cancellation } from '../../job/cancel.js'
import type { JobAddress } from '../../job/job.js'
import { memoizeByKey } from '../../job/memoize-by-key.js'
import type { Selection } from '../../job/selection.js'
import type { VendorRequest, VendorSession } from '../../job/vendor.js'
import { createItemLoader } from '../../reads/item-loader.js'
import {
  recordJobAddress,
  runJobAddress,
  toRecordAddress,
  toRunAddress,
  type RecordAddress,
  type RunAddress,
} from './address.js'
import { createCortexClient } from './client.js'
import { discoverContainers } from './discovery.js'
import type { Normaliser } from './normalise/index.js'
import type { RecordRuleError } from './normalise/record-errors.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import { isStatusEnough, planRecord, planRun, isCompleteRecord, isCompleteRun } from './read-plan.js'
import { readRecord, readRecords, recordKey } from './record-source.js'
import { readRun, readRuns, runKey } from './run-source.js'
import type { CortexReads } from './reads.js'
import { createSources, maxSources, type CortexLists, type ConfiguredContainers } from './sources.js'

declare module '../../job/vendor-name.js' {
  interface SessionByVendor {
    CORTEX: CortexSession
  }
}

declare module '../../job/vendor.js' {
  interface SourceFilter {
    readonly cortexCollectionIds?: readonly string[] | null
    readonly cortexWorkflowIds?: readonly string[] | null
  }
}

/** People create collections and workflows, and rarely. */
const CONTAINERS_TTL_MS = 5 * 60 * 1000

/** Cortex for one request: every read of a single job goes through a loader of this request and its credential. */
export interface CortexSession extends VendorSession, CortexLists {
  readonly defaultAppId: string
  record(address: RecordAddress, selection: Selection): Promise<CortexRecord | null>
  /** Null when the vendor no longer has the record. */
  recordErrors(record: CortexRecord): Promise<readonly RecordRuleError[] | null>
  cancelRecord(address: RecordAddress): Promise<Cancellation<CortexRecord>>
  /** @throws {VendorError} VENDOR_UNSUPPORTED for a discoverable run, which the vendor cannot read, unless it was just cancelled here */
  run(address: RunAddress, selection: Selection): Promise<WorkflowRun | null>
  cancelRun(address: RunAddress): Promise<Cancellation<WorkflowRun>>
}

export interface CortexSessionOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly reads: CortexReads
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

/** Creates the request's loaders; the reads behind them are shared with other requests. */
export function openCortexSession(options: CortexSessionOptions, request: VendorRequest): CortexSession {
  const { upstream, normaliser, reads, appId, collectionIds, workflowIds } = options
  const configured: ConfiguredContainers = { appId, collectionIds, workflowIds }
  const readContext = createCallContext(request, 'read')
  const listContext = createCallContext(request, 'list')
  const clientFor = (context: CallContext) => createCortexClient(upstream.client(context))
  /** Each cancel has a deadline of its own. */
  const cancelClient = () => clientFor(createCallContext(request, 'cancel'))
  const records = createItemLoader(reads.records, readContext)
  const runs = createItemLoader(reads.runs, readContext)
  const recordStatuses = createItemLoader(reads.recordStatuses, readContext)

  const session: CortexSession = {
    defaultAppId: appId,
    record: (address, selection) =>
      isStatusEnough(selection) ? recordStatuses.load(address, 'status') : records.load(address, planRecord(selection)),
    async recordErrors({ address, errors }) {
      return errors ?? (await recordStatuses.load(toRecordAddress(address), 'status'))?.errors ?? null
    },
    records: (query, isNew = false) =>
      reads.responses.read(['records', query], isNew ? bypassCache(listContext) : listContext, (context) =>
        readRecords(clientFor(context), normaliser, query),
      ),
    cancelRecord: memoizeByKey(
      recordKey,
      (address) => {
        const client = cancelClient()
        return cancelJob({
          send: async () =>
            mapCancelResponse(await client.cancelRecord(address), (job) => normaliser.record(job, address)),
          reread: () => readRecord(client, normaliser, address, false),
          onJobRead(record) {
            records.replace({ address, detail: 'plain' }, record, isCompleteRecord(record))
            recordStatuses.invalidate(address)
            reads.responses.invalidate()
          },
        })
      },
      (address, cancel) => request.onCancel(recordJobAddress(address), cancel),
    ),
    run: (address, selection) => runs.load(address, planRun(selection)),
    runs: (query, isNew = false) =>
      reads.responses.read(['runs', query], isNew ? bypassCache(listContext) : listContext, (context) =>
        readRuns(clientFor(context), normaliser, query),
      ),
    cancelRun: memoizeByKey(
      runKey,
      (address) => {
        const client = cancelClient()
        return cancelJob({
          send: async () => mapCancelResponse(await client.cancelRun(address), (job) => normaliser.run(job, address)),
          reread: address.discoverable ? null : () => readRun(client, normaliser, address, false),
          onJobRead(run) {
            runs.replace({ address, detail: 'plain' }, run, isCompleteRun(run))
            reads.responses.invalidate()
          },
        })
      },
      (address, cancel) => request.onCancel(runJobAddress(address), cancel),
    ),
    async job(address, selection) {
      return isRecord(address)
        ? session.record(toRecordAddress(address), selection)
        : session.run(toRunAddress(address), selection)
    },
    async cancel(address) {
      return isRecord(address)
        ? session.cancelRecord(toRecordAddress(address))
        : session.cancelRun(toRunAddress(address))
    },
    sources: (filter) => createSources(session, configured, filter),
    maxSources: (filter) => maxSources(configured, filter),
    containers: (kind) =>
      reads.responses.readWithTtl(
        [kind, appId],
        listContext,
        (context) => discoverContainers(clientFor(context), normaliser, kind, appId),
        CONTAINERS_TTL_MS,
      ),
    ping: () => reads.responses.readUncached(['ping'], readContext, (context) => clientFor(context).ping(appId)),
  }
  return session
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

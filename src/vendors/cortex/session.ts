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
import { isStatusEnough, planRecord, planRun, isWholeRecord, isWholeRun } from './read-plan.js'
import { readRecord, readRecords, recordKey } from './record-source.js'
import { readRun, readRuns, runKey } from './run-source.js'
import type { CortexReads } from './reads.js'
import { createSources, maxSources, type CortexLists, type CortexContainers } from './sources.js'

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

/** Collections and workflows are made by people, now and then. */
const CONTAINERS_TTL_MS = 5 * 60 * 1000

/** Cortex as one request sees it: every per-item read goes through a loader of this request and this credential. */
export interface CortexSession extends VendorSession, CortexLists {
  readonly defaultAppId: string
  record(address: RecordAddress, selection: Selection): Promise<CortexRecord | null>
  /** Null when the vendor does not know the record any more. */
  recordErrors(record: CortexRecord): Promise<readonly RecordRuleError[] | null>
  cancelRecord(address: RecordAddress): Promise<Cancellation<CortexRecord>>
  /** @throws {VendorError} VENDOR_UNSUPPORTED for a discoverable run, which the vendor lets nobody read, unless it was just cancelled */
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

/** Cortex for one request, with loaders of its own; what it reads is shared with those who want the same. */
export function openCortexSession(options: CortexSessionOptions, request: VendorRequest): CortexSession {
  const { upstream, normaliser, reads, appId, collectionIds, workflowIds } = options
  const configured: CortexContainers = { appId, collectionIds, workflowIds }
  const point = createCallContext(request, 'read')
  const list = createCallContext(request, 'list')
  const clientOf = (caller: CallContext) => createCortexClient(upstream.client(caller))
  /** Each cancel has a time of its own. */
  const openCanceller = () => clientOf(createCallContext(request, 'cancel'))
  const records = createItemLoader(reads.records, point)
  const runs = createItemLoader(reads.runs, point)
  const recordStatuses = createItemLoader(reads.recordStatuses, point)

  const session: CortexSession = {
    defaultAppId: appId,
    record: (address, selection) =>
      isStatusEnough(selection) ? recordStatuses.load(address, 'status') : records.load(address, planRecord(selection)),
    async recordErrors({ address, errors }) {
      return errors ?? (await recordStatuses.load(toRecordAddress(address), 'status'))?.errors ?? null
    },
    records: (query, isNew = false) =>
      reads.responses.read(['records', query], isNew ? bypassCache(list) : list, (caller) =>
        readRecords(clientOf(caller), normaliser, query),
      ),
    cancelRecord: memoizeByKey(
      recordKey,
      (address) => {
        const canceller = openCanceller()
        return cancelJob({
          send: async () =>
            mapCancelResponse(await canceller.cancelRecord(address), (job) => normaliser.record(job, address)),
          reread: () => readRecord(canceller, normaliser, address, false),
          onJobRead(record) {
            records.replace({ address, detail: 'plain' }, record, isWholeRecord(record))
            recordStatuses.invalidate(address)
            reads.responses.invalidate()
          },
        })
      },
      (address, cancel) => request.onCancel(recordJobAddress(address), cancel),
    ),
    run: (address, selection) => runs.load(address, planRun(selection)),
    runs: (query, isNew = false) =>
      reads.responses.read(['runs', query], isNew ? bypassCache(list) : list, (caller) =>
        readRuns(clientOf(caller), normaliser, query),
      ),
    cancelRun: memoizeByKey(
      runKey,
      (address) => {
        const canceller = openCanceller()
        return cancelJob({
          send: async () =>
            mapCancelResponse(await canceller.cancelRun(address), (job) => normaliser.run(job, address)),
          reread: address.discoverable ? null : () => readRun(canceller, normaliser, address, false),
          onJobRead(run) {
            runs.replace({ address, detail: 'plain' }, run, isWholeRun(run))
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
        list,
        (caller) => discoverContainers(clientOf(caller), normaliser, kind, appId),
        CONTAINERS_TTL_MS,
      ),
    ping: () => reads.responses.readUncached(['ping'], point, (caller) => clientOf(caller).ping(appId)),
  }
  return session
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

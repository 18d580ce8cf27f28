import { askingAnew, callerOf, type Caller } from '../../http/caller.js'
import type { Upstream } from '../../http/upstream.js'
import { cancelJob, readAnswer, type Cancellation } from '../../job/cancel.js'
import type { JobAddress } from '../../job/job.js'
import { onceEach } from '../../job/once.js'
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
import { discoverPlaces } from './discovery.js'
import type { Normaliser } from './normalise/index.js'
import type { RecordRuleError } from './normalise/record-errors.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import { isStatusEnough, planRecord, planRun, isWholeRecord, isWholeRun } from './read-plan.js'
import { readRecord, readRecords, recordKey } from './record-source.js'
import { readRun, readRuns, runKey } from './run-source.js'
import type { CortexReads } from './reads.js'
import { createSources, sourcesAtMost, type CortexLists, type CortexPlaces } from './sources.js'

declare module '../../job/vendor-name.js' {
  interface VendorSessions {
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
const KEEP_PLACES_MS = 5 * 60 * 1000

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
  const configured: CortexPlaces = { appId, collectionIds, workflowIds }
  const point = callerOf(request, 'read')
  const list = callerOf(request, 'list')
  const clientOf = (caller: Caller) => createCortexClient(upstream.as(caller))
  /** Each cancel has a time of its own. */
  const openCanceller = () => clientOf(callerOf(request, 'cancel'))
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
      reads.answers.read(['records', query], isNew ? askingAnew(list) : list, (caller) =>
        readRecords(clientOf(caller), normaliser, query),
      ),
    cancelRecord: onceEach(
      recordKey,
      (address) => {
        const canceller = openCanceller()
        return cancelJob({
          send: async () => readAnswer(await canceller.cancelRecord(address), (job) => normaliser.record(job, address)),
          reread: () => readRecord(canceller, normaliser, address, false),
          remember(record) {
            records.replace({ address, reading: 'plain' }, record, isWholeRecord(record))
            recordStatuses.forget(address)
            reads.answers.forget()
          },
        })
      },
      (address, cancel) => request.onCancel(recordJobAddress(address), cancel),
    ),
    run: (address, selection) => runs.load(address, planRun(selection)),
    runs: (query, isNew = false) =>
      reads.answers.read(['runs', query], isNew ? askingAnew(list) : list, (caller) =>
        readRuns(clientOf(caller), normaliser, query),
      ),
    cancelRun: onceEach(
      runKey,
      (address) => {
        const canceller = openCanceller()
        return cancelJob({
          send: async () => readAnswer(await canceller.cancelRun(address), (job) => normaliser.run(job, address)),
          reread: address.discoverable ? null : () => readRun(canceller, normaliser, address, false),
          remember(run) {
            runs.replace({ address, reading: 'plain' }, run, isWholeRun(run))
            reads.answers.forget()
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
    sourcesAtMost: (filter) => sourcesAtMost(configured, filter),
    places: (kind) =>
      reads.answers.readLasting(
        [kind, appId],
        list,
        (caller) => discoverPlaces(clientOf(caller), normaliser, kind, appId),
        KEEP_PLACES_MS,
      ),
    ping: () => reads.answers.readNow(['ping'], point, (caller) => clientOf(caller).ping(appId)),
  }
  return session
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

import DataLoader from 'dataloader'
import { cancelJob, type Cancellation } from '../../job/cancel.js'
import { VendorError } from '../../job/errors.js'
import { onceEach } from '../../job/once.js'
import type { JobAddress } from '../../job/job.js'
import type { Selection } from '../../job/selection.js'
import type { VendorSession } from '../../job/vendor.js'
import {
  recordJobAddress,
  runJobAddress,
  toRecordAddress,
  toRunAddress,
  type RecordAddress,
  type RunAddress,
} from './address.js'
import type { CortexClient } from './client.js'
import { createItemLoader } from './item-loader.js'
import type { Normaliser } from './normalise/index.js'
import { readRecordErrors, type RecordRuleError } from './normalise/record-errors.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import { planRecord, planRun, type Reading } from './read-plan.js'
import { createSources, type CortexLists } from './sources.js'

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

export interface RecordStatus {
  readonly record: CortexRecord
  readonly errors: readonly RecordRuleError[]
}

/** Cortex as one request sees it: every per-item read goes through a loader of this request and this credential. */
export interface CortexSession extends VendorSession, CortexLists {
  readonly defaultAppId: string
  record(address: RecordAddress, selection: Selection): Promise<CortexRecord | null>
  recordStatus(address: RecordAddress): Promise<RecordStatus | null>
  cancelRecord(address: RecordAddress): Promise<Cancellation<CortexRecord>>
  /** @throws {VendorError} VENDOR_UNSUPPORTED for a discoverable run, which the vendor lets nobody read */
  run(address: RunAddress, selection: Selection): Promise<WorkflowRun | null>
  cancelRun(address: RunAddress): Promise<Cancellation<WorkflowRun>>
}

export interface CortexSessionOptions {
  readonly client: CortexClient
  readonly normaliser: Normaliser
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

/** Cortex for one request, with loaders of its own. */
export function openCortexSession({
  client,
  normaliser,
  appId,
  collectionIds,
  workflowIds,
}: CortexSessionOptions): CortexSession {
  const records = createItemLoader(recordKey, readRecord)
  const runs = createItemLoader(runKey, readRun)
  const statuses = new DataLoader(
    (addresses: readonly RecordAddress[]) =>
      Promise.all(addresses.map((address) => readStatus(address).catch((error: Error) => error))),
    { cacheKeyFn: recordKey },
  )

  async function readRecord(address: RecordAddress, reading: Reading): Promise<CortexRecord | null> {
    if (reading === 'status') return (await statuses.load(address))?.record ?? null
    const wire = await client.getRecord(address, reading === 'verbose')
    return wire && normaliser.record(wire, address)
  }

  async function readFresh(address: RecordAddress, reading: Reading): Promise<CortexRecord | null> {
    return reading === 'status' ? ((await readStatus(address))?.record ?? null) : readRecord(address, reading)
  }

  async function readStatus(address: RecordAddress): Promise<RecordStatus | null> {
    const wire = await client.getRecordStatus(address)
    return wire && { record: normaliser.bareRecord(wire, address), errors: readRecordErrors(wire) }
  }

  async function readRun(address: RunAddress, reading: Reading): Promise<WorkflowRun | null> {
    if (address.discoverable) {
      throw new VendorError('CORTEX', 'VENDOR_UNSUPPORTED', 'Cortex lets discoverable runs be cancelled but not read.')
    }
    const wire = await client.getRun(address, reading === 'verbose')
    return wire && normaliser.run(wire, address)
  }

  const session: CortexSession = {
    defaultAppId: appId,
    record: (address, selection) => records.load(address, planRecord(selection)),
    recordStatus: (address) => statuses.load(address),
    async records(query) {
      const page = await client.listRecords(query)
      return (
        page && {
          ...page,
          items: normaliser.rows(page.rows, (row, recordId) => normaliser.record(row, { ...query, recordId })),
        }
      )
    },
    cancelRecord: onceEach(recordKey, (address) =>
      cancelJob({
        send: async () => normaliser.record(await client.cancelRecord(address), address),
        reread: () => readRecord(address, 'plain'),
        remember(record) {
          records.replace(address, record)
          statuses.clear(address)
        },
      }),
    ),
    run: (address, selection) => runs.load(address, planRun(selection)),
    async runs(query) {
      const page = await client.listRuns(query)
      return (
        page && {
          ...page,
          items: normaliser.rows(page.rows, (row, runId) =>
            normaliser.run(row, { ...query, runId, discoverable: false }),
          ),
        }
      )
    },
    cancelRun: onceEach(runKey, (address) =>
      cancelJob({
        send: async () => normaliser.run(await client.cancelRun(address), address),
        reread: address.discoverable ? null : () => readRun(address, 'plain'),
        remember: (run) => runs.replace(address, run),
      }),
    ),
    async job(address, selection) {
      return isRecord(address)
        ? session.record(toRecordAddress(address), selection)
        : session.run(toRunAddress(address), selection)
    },
    async freshJob(address, selection) {
      return isRecord(address)
        ? readFresh(toRecordAddress(address), planRecord(selection))
        : readRun(toRunAddress(address), planRun(selection))
    },
    async cancel(address) {
      return isRecord(address)
        ? session.cancelRecord(toRecordAddress(address))
        : session.cancelRun(toRunAddress(address))
    },
    sources: (filter) => createSources(session, { appId, collectionIds, workflowIds }, filter),
    ping: () => client.ping(appId),
  }
  return session
}

function recordKey(address: RecordAddress): string {
  return recordJobAddress(address).path.join('/')
}

function runKey(address: RunAddress): string {
  return runJobAddress(address).path.join('/')
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

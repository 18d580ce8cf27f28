import DataLoader from 'dataloader'
import { cancelJob, type Cancellation } from '../../job/cancel.js'
import { VendorError } from '../../job/errors.js'
import type { JobAddress } from '../../job/job.js'
import type { VendorSession } from '../../job/vendor.js'
import { recordJobAddress, runJobAddress, toRecordAddress, toRunAddress, type RecordAddress, type RunAddress } from './address.js'
import type { CortexClient } from './client.js'
import type { Normaliser } from './normalise/index.js'
import { readRecordErrors, type RecordRuleError } from './normalise/record-errors.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
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
  /** `verbose` asks the vendor for its "extra properties": the runs inside rules among them. */
  record(address: RecordAddress, verbose?: boolean): Promise<CortexRecord | null>
  recordStatus(address: RecordAddress): Promise<RecordStatus | null>
  cancelRecord(address: RecordAddress): Promise<Cancellation<CortexRecord>>
  /** @throws {VendorError} VENDOR_UNSUPPORTED for a discoverable run, which the vendor lets nobody read */
  run(address: RunAddress, verbose?: boolean): Promise<WorkflowRun | null>
  cancelRun(address: RunAddress): Promise<Cancellation<WorkflowRun>>
}

export interface CortexSessionOptions {
  readonly client: CortexClient
  readonly normaliser: Normaliser
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

interface Wanted<Address> {
  readonly address: Address
  readonly verbose: boolean
}

export function openCortexSession({ client, normaliser, appId, collectionIds, workflowIds }: CortexSessionOptions): CortexSession {
  const records = perItem(recordKey, ({ address, verbose }: Wanted<RecordAddress>) => readRecord(address, verbose))
  const runs = perItem(runKey, ({ address, verbose }: Wanted<RunAddress>) => readRun(address, verbose))
  const statuses = perItem(
    (address: RecordAddress) => recordJobAddress(address).path.join('/'),
    async (address): Promise<RecordStatus | null> => {
      const wire = await client.getRecordStatus(address)
      return wire && { record: normaliser.bareRecord(wire, address), errors: readRecordErrors(wire) }
    },
  )

  async function readRecord(address: RecordAddress, verbose: boolean): Promise<CortexRecord | null> {
    const wire = await client.getRecord(address, verbose)
    return wire && normaliser.record(wire, address)
  }

  async function readRun(address: RunAddress, verbose: boolean): Promise<WorkflowRun | null> {
    if (address.discoverable) {
      throw new VendorError('CORTEX', 'VENDOR_UNSUPPORTED', 'Cortex lets discoverable runs be cancelled but not read.')
    }
    const wire = await client.getRun(address, verbose)
    return wire && normaliser.run(wire, address)
  }

  const session: CortexSession = {
    defaultAppId: appId,
    record: (address, verbose = false) => records.load({ address, verbose }),
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
    async cancelRecord(address) {
      const done = await cancelJob({
        send: async () => normaliser.record(await client.cancelRecord(address), address),
        reread: () => readRecord(address, false),
      })
      remember(records, { address, verbose: false }, done.job)
      statuses.clear(address)
      return done
    },
    run: (address, verbose = false) => runs.load({ address, verbose }),
    async runs(query) {
      const page = await client.listRuns(query)
      return (
        page && {
          ...page,
          items: normaliser.rows(page.rows, (row, runId) => normaliser.run(row, { ...query, runId, discoverable: false })),
        }
      )
    },
    async cancelRun(address) {
      const done = await cancelJob({
        send: async () => normaliser.run(await client.cancelRun(address), address),
        reread: address.discoverable ? null : () => readRun(address, false),
      })
      remember(runs, { address, verbose: false }, done.job)
      return done
    },
    job: (address) => (isRecord(address) ? session.record(toRecordAddress(address)) : session.run(toRunAddress(address))),
    freshJob: (address) => (isRecord(address) ? readRecord(toRecordAddress(address), false) : readRun(toRunAddress(address), false)),
    cancel: (address) => (isRecord(address) ? session.cancelRecord(toRecordAddress(address)) : session.cancelRun(toRunAddress(address))),
    sources: (filter) => createSources(session, { appId, collectionIds, workflowIds }, filter),
    ping: () => client.ping(appId),
  }
  return session
}

/** A loader whose items each cost one call: Cortex documents no batch get. One failed item fails alone. */
function perItem<Key, Value>(cacheKeyFn: (key: Key) => string, read: (key: Key) => Promise<Value>): DataLoader<Key, Value, string> {
  const readAll = (keys: readonly Key[]) => Promise.all(keys.map((key) => read(key).catch((error: Error) => error)))
  return new DataLoader<Key, Value, string>(readAll, { cacheKeyFn })
}

/** What a cancel answered is newer than what was read before it, in either wording. */
function remember<Address, J>(loader: DataLoader<Wanted<Address>, J | null, string>, wanted: Wanted<Address>, job: J): void {
  loader.clear({ ...wanted, verbose: true }).clear(wanted).prime(wanted, job)
}

function recordKey({ address, verbose }: Wanted<RecordAddress>): string {
  return `${recordJobAddress(address).path.join('/')}${verbose ? '?verbose' : ''}`
}

function runKey({ address, verbose }: Wanted<RunAddress>): string {
  return `${runJobAddress(address).path.join('/')}${verbose ? '?verbose' : ''}`
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

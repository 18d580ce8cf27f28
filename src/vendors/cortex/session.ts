import DataLoader from 'dataloader'
import { cancelJob, type Cancellation } from '../../job/cancel.js'
import { VendorError } from '../../job/errors.js'
import { onceEach } from '../../job/once.js'
import type { JobAddress } from '../../job/job.js'
import type { Selection } from '../../job/selection.js'
import type { VendorSession } from '../../job/vendor.js'
import { recordJobAddress, runJobAddress, toRecordAddress, toRunAddress, type RecordAddress, type RunAddress } from './address.js'
import type { CortexClient } from './client.js'
import type { Normaliser } from './normalise/index.js'
import { readRecordErrors, type RecordRuleError } from './normalise/record-errors.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import { planRecord, planRun } from './read-plan.js'
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

interface Wanted<Address> {
  readonly address: Address
  readonly verbose: boolean
}

export function openCortexSession({ client, normaliser, appId, collectionIds, workflowIds }: CortexSessionOptions): CortexSession {
  const records = perItem(keyOf(recordJobAddress), readRecord)
  const runs = perItem(keyOf(runJobAddress), readRun)
  const statuses = perItem(keyOf(recordJobAddress), async ({ address }: Wanted<RecordAddress>): Promise<RecordStatus | null> => {
    const wire = await client.getRecordStatus(address)
    return wire && { record: normaliser.bareRecord(wire, address), errors: readRecordErrors(wire) }
  })

  async function readRecord({ address, verbose }: Wanted<RecordAddress>): Promise<CortexRecord | null> {
    const wire = await client.getRecord(address, verbose)
    return wire && normaliser.record(wire, address)
  }

  async function readRun({ address, verbose }: Wanted<RunAddress>): Promise<WorkflowRun | null> {
    if (address.discoverable) {
      throw new VendorError('CORTEX', 'VENDOR_UNSUPPORTED', 'Cortex lets discoverable runs be cancelled but not read.')
    }
    const wire = await client.getRun(address, verbose)
    return wire && normaliser.run(wire, address)
  }

  const session: CortexSession = {
    defaultAppId: appId,
    async record(address, selection) {
      const reading = planRecord(selection)
      if (reading === 'status') return (await session.recordStatus(address))?.record ?? null
      return records.load({ address, verbose: reading === 'verbose' })
    },
    recordStatus: (address) => statuses.load({ address, verbose: false }),
    async records(query) {
      const page = await client.listRecords(query)
      return page && { ...page, items: normaliser.rows(page.rows, (row, recordId) => normaliser.record(row, { ...query, recordId })) }
    },
    cancelRecord: onceEach(addressKey(recordJobAddress), (address) =>
      cancelJob({
        send: async () => normaliser.record(await client.cancelRecord(address), address),
        reread: () => readRecord({ address, verbose: false }),
        remember(record) {
          remember(records, address, record)
          statuses.clear({ address, verbose: false })
        },
      }),
    ),
    run: async (address, selection) => runs.load({ address, verbose: planRun(selection) === 'verbose' }),
    async runs(query) {
      const page = await client.listRuns(query)
      return page && { ...page, items: normaliser.rows(page.rows, (row, runId) => normaliser.run(row, { ...query, runId, discoverable: false })) }
    },
    cancelRun: onceEach(addressKey(runJobAddress), (address) =>
      cancelJob({
        send: async () => normaliser.run(await client.cancelRun(address), address),
        reread: address.discoverable ? null : () => readRun({ address, verbose: false }),
        remember: (run) => remember(runs, address, run),
      }),
    ),
    async job(address, selection) {
      return isRecord(address) ? session.record(toRecordAddress(address), selection) : session.run(toRunAddress(address), selection)
    },
    async freshJob(address) {
      return isRecord(address)
        ? readRecord({ address: toRecordAddress(address), verbose: false })
        : readRun({ address: toRunAddress(address), verbose: false })
    },
    async cancel(address) {
      return isRecord(address) ? session.cancelRecord(toRecordAddress(address)) : session.cancelRun(toRunAddress(address))
    },
    sources: (filter) => createSources(session, { appId, collectionIds, workflowIds }, filter),
    ping: () => client.ping(appId),
  }
  return session
}

type ItemLoader<Address, Value> = DataLoader<Wanted<Address>, Value, string>

/** A loader whose items each cost one call: Cortex documents no batch get. One failed item fails alone. */
function perItem<Address, Value>(cacheKeyFn: (wanted: Wanted<Address>) => string, read: (wanted: Wanted<Address>) => Promise<Value>): ItemLoader<Address, Value> {
  return new DataLoader<Wanted<Address>, Value, string>((all) => Promise.all(all.map((wanted) => read(wanted).catch((error: Error) => error))), { cacheKeyFn })
}

function keyOf<Address>(toJobAddress: (address: Address) => JobAddress): (wanted: Wanted<Address>) => string {
  return ({ address, verbose }) => `${addressKey(toJobAddress)(address)}${verbose ? '?verbose' : ''}`
}

function addressKey<Address>(toJobAddress: (address: Address) => JobAddress): (address: Address) => string {
  return (address) => toJobAddress(address).path.join('/')
}

/** What a cancel answered is newer than what was read before it, in either wording. */
function remember<Address, J>(loader: ItemLoader<Address, J | null>, address: Address, job: J): void {
  const plain = { address, verbose: false }
  loader.clear({ address, verbose: true }).clear(plain).prime(plain, job)
}

function isRecord(address: JobAddress): boolean {
  return address.type === 'Record'
}

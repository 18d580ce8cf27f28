import DataLoader from 'dataloader'
import { list } from '../../http/lenient.js'
import { cancelJob, type Cancellation } from '../../job/cancel.js'
import { onceEach } from '../../job/once.js'
import type { Page } from '../../job/page.js'
import type { VendorSession } from '../../job/vendor.js'
import { toExecutionId } from './address.js'
import type { BatchSupport } from './batch-support.js'
import type { ExecutionsQuery, KodexaClient } from './client.js'
import { isRefusedFilter } from './dialect.js'
import { createExecutionLoader, readExecution } from './execution-loader.js'
import { readStatusMessage, type Execution, type StatusMessage } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import type { ExecutionPage } from './page.js'
import type { Refusals } from './refusals.js'
import { statusClauses } from './status-clauses.js'

declare module '../../job/vendor-name.js' {
  interface VendorSessions {
    KODEXA: KodexaSession
  }
}

/** Kodexa as one request sees it: every per-item read goes through a loader of this request and this credential. */
export interface KodexaSession extends VendorSession {
  execution(id: string): Promise<Execution | null>
  /** What the instance does not filter by status is not filtered here: look at each. */
  executions(query: ExecutionsQuery): Promise<Page<Execution>>
  cancelExecution(id: string): Promise<Cancellation<Execution>>
  /** Null when the execution is unknown. */
  statusMessages(id: string): Promise<readonly StatusMessage[] | null>
}

export interface KodexaSessionOptions {
  readonly client: KodexaClient
  readonly normaliser: Normaliser
  readonly batchSupport: BatchSupport
  readonly statusRefusals: Refusals
}

/** Kodexa for one request, with loaders of its own; what is known of the instance is shared by all. */
export function openKodexaSession({
  client,
  normaliser,
  batchSupport,
  statusRefusals,
}: KodexaSessionOptions): KodexaSession {
  const executions = createExecutionLoader(client, normaliser, batchSupport)
  const messages = new DataLoader<string, readonly StatusMessage[] | null>((ids) =>
    Promise.all(ids.map((id) => readMessages(id).catch((error: Error) => error))),
  )

  async function readMessages(id: string): Promise<readonly StatusMessage[] | null> {
    return list(await client.getStatusMessages(id), readStatusMessage)
  }

  /**
   * An instance may refuse a status it does not know, as REPROCESSED is missing in the vendor's own Python client, or
   * know its statuses as codes. It is then asked for all, and remembered; whoever asked leaves out the rest.
   */
  async function listDespiteStatuses(query: ExecutionsQuery): Promise<ExecutionPage> {
    const words = query.clauses.find(({ field }) => field === 'status')?.anyOf.join()
    if (words === undefined) return client.listExecutions(query)
    if (statusRefusals.has(words)) return listAllStatuses(query)
    try {
      return await client.listExecutions(query)
    } catch (error) {
      // A refusal of what the caller wrote says nothing of the statuses.
      if (!isRefusedFilter(error) || query.verbatim) throw error
      const answer = await listAllStatuses(query)
      statusRefusals.add(words)
      return answer
    }
  }

  /** Its total counts what was not wanted, so it is none. */
  async function listAllStatuses(query: ExecutionsQuery): Promise<ExecutionPage> {
    const clauses = query.clauses.filter(({ field }) => field !== 'status')
    return { ...(await client.listExecutions({ ...query, clauses })), total: null }
  }

  const session: KodexaSession = {
    execution: (id) => executions.load(id),
    async executions(query) {
      const { rows, total, isLast, cap } = await listDespiteStatuses(query)
      return { items: normaliser.executions(rows), total, isLast, cap }
    },
    cancelExecution: onceEach(
      (id) => id.toLowerCase(),
      (id) =>
        cancelJob({
          send: async () => normaliser.execution(await client.cancelExecution(id), id),
          reread: () => readExecution(client, normaliser, id),
          remember: (execution) => void executions.clear(id).prime(id, execution),
        }),
    ),
    statusMessages: (id) => messages.load(id),
    job: (address) => session.execution(toExecutionId(address)),
    freshJob: async (address) => readExecution(client, normaliser, toExecutionId(address)),
    cancel: (address) => session.cancelExecution(toExecutionId(address)),
    sources(filter) {
      const clauses = statusClauses(filter.statuses)
      if (clauses === null) return []
      return [{ label: 'executions', page: (page, pageSize) => session.executions({ page, pageSize, clauses }) }]
    },
    ping: () => client.ping(),
  }
  return session
}

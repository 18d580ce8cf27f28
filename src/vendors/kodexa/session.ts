import DataLoader from 'dataloader'
import { bypassCache, createCallContext, type CallContext } from '../../upstream/call-context.js'
import { readArrayOf } from '../../upstream/lenient.js'
import type { Upstream } from '../../upstream/upstream.js'
import { cancelJob, mapCancelResponse, type Cancellation } from '../../job/cancel.js'
import { memoizeByKey } from '../../job/memoize-by-key.js'
import type { Page } from '../../job/page.js'
import type { JobSource, VendorRequest, VendorSession } from '../../job/vendor.js'
import { createItemLoader } from '../../reads/item-loader.js'
import { executionJobAddress, toExecutionId } from './address.js'
import { createKodexaClient, type ExecutionsQuery } from './client.js'
import type { Dialect } from './dialect.js'
import { executionKey, isCompleteExecution } from './execution-source.js'
import type { FilterClause } from './filter.js'
import { listExecutions } from './list-executions.js'
import { readStatusMessage, type Execution, type StatusMessage } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import { readExecution } from './read-execution.js'
import type { KodexaReads } from './reads.js'
import { statusClauses } from './status-clauses.js'

declare module '../../job/vendor-name.js' {
  interface SessionByVendor {
    KODEXA: KodexaSession
  }
}

/** Kodexa for one request: every read of a single job goes through a loader of this request and its credential. */
export interface KodexaSession extends VendorSession {
  execution(id: string): Promise<Execution | null>
  /**
   * An instance that cannot filter by status returns all statuses: check each row.
   * @param isNew bypasses the cache
   */
  executions(query: ExecutionsQuery, isNew?: boolean): Promise<Page<Execution>>
  cancelExecution(id: string): Promise<Cancellation<Execution>>
  /** Null when the vendor has no such execution. */
  statusMessages(id: string): Promise<readonly StatusMessage[] | null>
}

export interface KodexaSessionOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly dialect: Dialect
  readonly reads: KodexaReads
}

/** Creates the request's loaders; the reads behind them are shared with other requests. */
export function openKodexaSession(options: KodexaSessionOptions, request: VendorRequest): KodexaSession {
  const { upstream, normaliser, dialect, reads } = options
  const readContext = createCallContext(request, 'read')
  const listContext = createCallContext(request, 'list')
  const clientFor = (context: CallContext) => createKodexaClient(upstream.client(context), dialect)
  /** Each cancel has a deadline of its own. */
  const cancelClient = () => clientFor(createCallContext(request, 'cancel'))
  const executions = createItemLoader(reads.executions, readContext)
  const messages = new DataLoader<string, readonly StatusMessage[] | null>((ids) =>
    Promise.all(ids.map((id) => readMessages(id).catch((error: Error) => error))),
  )

  function readMessages(id: string): Promise<readonly StatusMessage[] | null> {
    return reads.responses.read(['messages', id], readContext, async (context) =>
      readArrayOf(await clientFor(context).getStatusMessages(id), readStatusMessage),
    )
  }

  async function readPage(context: CallContext, query: ExecutionsQuery): Promise<Page<Execution>> {
    const { rows, total, isLast, cap } = await listExecutions(clientFor(context), query, reads.rejectedStatusFilters)
    return { items: normaliser.executions(rows), total, isLast, cap }
  }

  const session: KodexaSession = {
    execution: (id) => executions.load(id, 'whole'),
    executions: (query, isNew = false) =>
      reads.responses.read(['executions', query], isNew ? bypassCache(listContext) : listContext, (context) =>
        readPage(context, query),
      ),
    cancelExecution: memoizeByKey(
      executionKey,
      (id) => {
        const client = cancelClient()
        return cancelJob({
          send: async () => mapCancelResponse(await client.cancelExecution(id), (job) => normaliser.execution(job, id)),
          reread: () => readExecution(client, normaliser, id),
          onJobRead(execution) {
            executions.replace({ address: id, detail: 'whole' }, execution, isCompleteExecution(execution))
            reads.responses.invalidate()
          },
        })
      },
      (id, cancel) => request.onCancel(executionJobAddress(id), cancel),
    ),
    statusMessages: (id) => messages.load(id),
    job: (address) => session.execution(toExecutionId(address)),
    cancel: (address) => session.cancelExecution(toExecutionId(address)),
    sources({ statuses }) {
      const clauses = statusClauses(statuses)
      const source = (clauses: readonly FilterClause[]): JobSource => ({
        label: 'executions',
        key: 'executions',
        page: (page, pageSize, isNew) => session.executions({ page, pageSize, clauses }, isNew),
      })
      return Promise.resolve({ sources: clauses === null ? [] : [source(clauses)], warnings: [] })
    },
    maxSources: ({ statuses }) => ({ lists: statusClauses(statuses) === null ? 0 : 1, requests: 0 }),
    ping: () => reads.responses.readUncached(['ping'], readContext, (context) => clientFor(context).ping()),
  }
  return session
}

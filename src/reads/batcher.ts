import { PRIORITIES } from '../upstream/budget/permit.js'
import type { CallContext } from '../upstream/call-context.js'
import type { Permit, Upstream } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import type { ReadItem } from './read-cache.js'
import { createBatchQueue, type BatchGrant, type PendingRead } from './batch-queue.js'
import type { ItemSource, ReadRequest } from './item-source.js'
import { mostDetailedByJob } from './most-detailed.js'

/** Batches the reads of all operations by container. */
export interface Batcher<Address, Item, Detail> {
  /** The context's signal removes a waiting read; a request in flight is aborted when no other read needs it. */
  read(request: ReadRequest<Address, Detail>, context: PendingRead['context']): Promise<Item | null>
}

export interface BatcherOptions<Address, Item extends Job, Detail extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly source: ItemSource<Address, Item, Detail>
  /** How long to collect reads, in ms. */
  readonly windowMs: number
  /** Called with every requested job that was read; `asOf` is when the read started, in epoch ms. */
  readonly onRead: (address: Address, read: ReadItem<Item, Detail>, asOf: number) => void
  /** Called in the same way with jobs that came along without being requested. */
  readonly onExtraItem: (address: Address, read: ReadItem<Item, Detail>, asOf: number) => void
}

interface PendingItemRead<Address, Item, Detail> extends PendingRead {
  readonly request: ReadRequest<Address, Detail>
  readonly resolve: (item: Item | null) => void
}

/** Reads the pending jobs of a batch together: each job once, at the highest detail level requested. */
export function createBatcher<Address, Item extends Job, Detail extends string>(
  options: BatcherOptions<Address, Item, Detail>,
): Batcher<Address, Item, Detail> {
  const { vendor, upstream, source, windowMs, onRead, onExtraItem } = options
  type Pending = PendingItemRead<Address, Item, Detail>

  const queue = createBatchQueue<Pending, Permit>({
    windowMs,
    acquirePermit: (context) => upstream.acquirePermit(context),
    send(reads, grant) {
      abortWithLast(reads, grant.abort)
      for (const { context } of reads)
        if (context.meter !== grant.context.meter) context.meter.add(vendor, { shared: 1 })
      void readAll(reads, grant)
    },
  })

  async function readAll(reads: readonly Pending[], grant: BatchGrant<Permit>): Promise<void> {
    const asOf = Date.now()
    const jobs = mostDetailedByJob(
      source,
      reads.map(({ request }) => request),
    )
    const requests = [...jobs.values()]
    try {
      const client = grant.permit(batchContext(reads, grant))
      const results = await source.read(client, requests, (address, extra) => onExtraItem(address, extra, asOf))
      requests.forEach(({ address }, index) => {
        const result = results[index]!
        if (!(result instanceof Error)) onRead(address, result, asOf)
      })
      const byJob = new Map([...jobs.keys()].map((key, index) => [key, results[index]!]))
      for (const { request, resolve, reject } of reads) {
        const result = byJob.get(source.keyOf(request.address))!
        if (result instanceof Error) reject(result)
        else resolve(result.item)
      }
    } catch (error) {
      for (const { reject } of reads) reject(error as Error)
    }
  }

  return {
    read: (request, context) =>
      new Promise((resolve, reject) => {
        queue.add(source.batchKeyOf(request.address), { request, context, resolve, reject })
      }),
  }
}

/** The context of requests after the first: the highest priority and the latest deadline among the reads. */
function batchContext(reads: readonly PendingRead[], { context, abort }: BatchGrant<unknown>): CallContext {
  const isPending = (priority: CallContext['priority']) => reads.some((read) => read.context.priority === priority)
  return {
    ...context,
    priority: PRIORITIES.find(isPending) ?? context.priority,
    deadline: Math.max(...reads.map((read) => read.context.deadline)),
    signal: abort.signal,
  }
}

function abortWithLast(reads: readonly PendingRead[], abort: AbortController): void {
  let left = reads.length
  for (const { context } of reads) {
    context.signal.addEventListener('abort', () => --left === 0 && abort.abort(context.signal.reason), { once: true })
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { PRIORITIES, type Priority } from '../upstream/budget/permit.js'
import { isDeadlineExceeded, type CallContext } from '../upstream/call-context.js'

/** A read that waits in the queue. */
export interface PendingRead {
  /** Its signal aborts when nobody waits for the read any more. */
  readonly context: CallContext & { readonly signal: AbortSignal }
  /** Called when the read could not be sent. */
  readonly reject: (error: Error) => void
}

/** Holds reads by batch key until a permit allows a request, then sends all reads of that key together. */
export interface BatchQueue<R extends PendingRead> {
  add(key: string, read: R): void
}

export interface BatchQueueOptions<R, Permit> {
  /** How long to collect reads before requesting a permit, in ms. With 0, reads of the same tick are sent together. */
  readonly windowMs: number
  /** Waits for the permit to send one request. */
  readonly acquirePermit: (context: CallContext) => Promise<Permit>
  /** Takes all reads of a batch, at least one. */
  readonly send: (reads: readonly R[], grant: BatchGrant<Permit>) => void
}

export interface BatchGrant<Permit> {
  readonly permit: Permit
  /** The context that the permit was acquired for. */
  readonly context: CallContext
  /** To be aborted when nobody waits for the requests of this batch any more. */
  readonly abort: AbortController
}

interface Batch<R> {
  readonly key: string
  readonly pending: Set<R>
  /** Null while no permit is requested. */
  permitRequest: { readonly priority: Priority; readonly abort: AbortController } | null
}

/**
 * Each batch key acquires one permit for all of its reads, and reads that arrive while it waits join the batch. While
 * the vendor has capacity, reads are sent at once; without capacity they accumulate and cost one request together.
 */
export function createBatchQueue<R extends PendingRead, Permit>(options: BatchQueueOptions<R, Permit>): BatchQueue<R> {
  const { windowMs, acquirePermit, send } = options
  const batches = new Map<string, Batch<R>>()

  async function requestPermit(batch: Batch<R>, { context }: R): Promise<void> {
    const abort = new AbortController()
    const { signal } = abort
    batch.permitRequest = { priority: context.priority, abort }
    try {
      if (windowMs > 0) await delay(windowMs, undefined, { signal })
      const permit = await acquirePermit({ ...context, signal })
      // Nobody waits any more, or a more urgent read has requested a permit of its own.
      if (signal.aborted) return
      send(takeAll(batch), { permit, context, abort })
    } catch (error) {
      if (!signal.aborted) handleRejection(batch, context, error as Error)
    }
  }

  function takeAll(batch: Batch<R>): readonly R[] {
    const reads = [...batch.pending]
    batch.pending.clear()
    batches.delete(batch.key)
    return reads
  }

  /**
   * Rejects the pending reads. After a missed deadline, reads that are more urgent than the rejected context or have a
   * later deadline stay; the most urgent of them with the latest deadline requests the next permit, so that few
   * requests settle all reads.
   */
  function handleRejection(batch: Batch<R>, rejected: CallContext, error: Error): void {
    batch.permitRequest = null
    let next: R | null = null
    for (const read of batch.pending) {
      const { priority, deadline } = read.context
      const mayDoBetter = isMoreUrgent(priority, rejected.priority) || deadline > rejected.deadline
      if (mayDoBetter && isDeadlineExceeded(error)) {
        if (next === null || comesBefore(read.context, next.context)) next = read
        continue
      }
      batch.pending.delete(read)
      read.reject(error)
    }
    if (next) void requestPermit(batch, next)
    else batches.delete(batch.key)
  }

  function remove(batch: Batch<R>, read: R): void {
    if (!batch.pending.delete(read) || batch.pending.size > 0) return
    batch.permitRequest?.abort.abort()
    batches.delete(batch.key)
  }

  return {
    add(key, read) {
      const { priority, signal } = read.context
      const batch: Batch<R> = batches.get(key) ?? { key, pending: new Set(), permitRequest: null }
      batches.set(key, batch)
      batch.pending.add(read)
      signal.addEventListener('abort', () => remove(batch, read), { once: true })
      if (batch.permitRequest && !isMoreUrgent(priority, batch.permitRequest.priority)) return
      batch.permitRequest?.abort.abort()
      void requestPermit(batch, read)
    },
  }
}

function comesBefore(a: CallContext, b: CallContext): boolean {
  return a.priority === b.priority ? a.deadline > b.deadline : isMoreUrgent(a.priority, b.priority)
}

function isMoreUrgent(a: Priority, b: Priority): boolean {
  return PRIORITIES.indexOf(a) < PRIORITIES.indexOf(b)
}

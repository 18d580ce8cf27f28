import { PRIORITIES } from '../upstream/budget/permit.js'
import type { CallContext } from '../upstream/call-context.js'
import type { Permit, Upstream } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import type { ReadItem } from './read-cache.js'
import { createBatchQueue, type BatchGrant, type PendingRead } from './batch-queue.js'
import type { ItemSource, ReadRequest } from './item-source.js'
import { mostDetailedByJob } from './most-detailed.js'

/** Reads a vendor's jobs for all requests together. */
export interface Batcher<Address, Item, Reading> {
  /** The caller's signal takes the wish back while it waits, and aborts what was sent when nobody else wants that either. */
  read(wanted: ReadRequest<Address, Reading>, caller: PendingRead['context']): Promise<Item | null>
}

export interface BatcherOptions<Address, Item extends Job, Reading extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly source: ItemSource<Address, Item, Reading>
  /** How long to gather wishes, in ms. */
  readonly windowMs: number
  /** Told of every job that was wanted and read; `asOf` is when it was asked for, in epoch ms. */
  readonly onRead: (address: Address, read: ReadItem<Item, Reading>, asOf: number) => void
  /** The same for those that nobody wanted. */
  readonly onExtraItem: (address: Address, read: ReadItem<Item, Reading>, asOf: number) => void
}

interface PendingItemRead<Address, Item, Reading> extends PendingRead {
  readonly request: ReadRequest<Address, Reading>
  readonly resolve: (item: Item | null) => void
}

/** What is wished for of one place is read together, each job once, in the richest way that anybody wants it. */
export function createBatcher<Address, Item extends Job, Reading extends string>(
  options: BatcherOptions<Address, Item, Reading>,
): Batcher<Address, Item, Reading> {
  const { vendor, upstream, source, windowMs, onRead, onExtraItem } = options
  type W = PendingItemRead<Address, Item, Reading>

  const gatherer = createBatchQueue<W, Permit>({
    windowMs,
    acquirePermit: (caller) => upstream.acquirePermit(caller),
    send(wishes, granted) {
      abortWithLast(wishes, granted.abort)
      for (const { context } of wishes)
        if (context.meter !== granted.context.meter) context.meter.add(vendor, { shared: 1 })
      void readAll(wishes, granted)
    },
  })

  async function readAll(wishes: readonly W[], granted: BatchGrant<Permit>): Promise<void> {
    const asOf = Date.now()
    const jobs = mostDetailedByJob(
      source,
      wishes.map(({ request }) => request),
    )
    const wanted = [...jobs.values()]
    try {
      const line = granted.permit(batchContext(wishes, granted))
      const answers = await source.read(line, wanted, (address, also) => onExtraItem(address, also, asOf))
      wanted.forEach(({ address }, index) => {
        const answer = answers[index]!
        if (!(answer instanceof Error)) onRead(address, answer, asOf)
      })
      const byJob = new Map([...jobs.keys()].map((key, index) => [key, answers[index]!]))
      for (const { request: wanted, resolve, reject } of wishes) {
        const answer = byJob.get(source.keyOf(wanted.address))!
        if (answer instanceof Error) reject(answer)
        else resolve(answer.item)
      }
    } catch (error) {
      for (const { reject } of wishes) reject(error as Error)
    }
  }

  return {
    read: (wanted, caller) =>
      new Promise((resolve, reject) => {
        gatherer.add(source.batchKeyOf(wanted.address), { request: wanted, context: caller, resolve, reject })
      }),
  }
}

/** For what comes after the first request: as urgent as the most urgent of them, with the time of the most patient. */
function batchContext(wishes: readonly PendingRead[], { context, abort }: BatchGrant<unknown>): CallContext {
  const isWished = (priority: CallContext['priority']) => wishes.some((wish) => wish.context.priority === priority)
  return {
    ...context,
    priority: PRIORITIES.find(isWished) ?? context.priority,
    deadline: Math.max(...wishes.map((wish) => wish.context.deadline)),
    signal: abort.signal,
  }
}

function abortWithLast(wishes: readonly PendingRead[], abandon: AbortController): void {
  let left = wishes.length
  for (const { context } of wishes) {
    context.signal.addEventListener('abort', () => --left === 0 && abandon.abort(context.signal.reason), { once: true })
  }
}

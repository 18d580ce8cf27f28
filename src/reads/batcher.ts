import { PRIORITIES } from '../http/budget/turn.js'
import type { Caller } from '../http/caller.js'
import type { PaidLine, Upstream } from '../http/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import type { ReadItem } from './freshness.js'
import { createGatherer, type Granted, type Wish } from './gatherer.js'
import type { ItemSource, Wanted } from './item-source.js'
import { richestByJob } from './richest.js'

/** Reads a vendor's jobs for all requests together. */
export interface Batcher<Address, Item, Reading> {
  /** The caller's signal takes the wish back while it waits, and aborts what was sent when nobody else wants that either. */
  read(wanted: Wanted<Address, Reading>, caller: Wish['caller']): Promise<Item | null>
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
  readonly onAlso: (address: Address, read: ReadItem<Item, Reading>, asOf: number) => void
}

interface ItemWish<Address, Item, Reading> extends Wish {
  readonly wanted: Wanted<Address, Reading>
  readonly resolve: (item: Item | null) => void
}

/** What is wished for of one place is read together, each job once, in the richest way that anybody wants it. */
export function createBatcher<Address, Item extends Job, Reading extends string>(
  options: BatcherOptions<Address, Item, Reading>,
): Batcher<Address, Item, Reading> {
  const { vendor, upstream, source, windowMs, onRead, onAlso } = options
  type W = ItemWish<Address, Item, Reading>

  const gatherer = createGatherer<W, PaidLine>({
    windowMs,
    turn: (caller) => upstream.turn(caller),
    send(wishes, granted) {
      abandonWithTheLast(wishes, granted.abandon)
      for (const { caller } of wishes)
        if (caller.meter !== granted.caller.meter) caller.meter.add(vendor, { shared: 1 })
      void readAll(wishes, granted)
    },
  })

  async function readAll(wishes: readonly W[], granted: Granted<PaidLine>): Promise<void> {
    const asOf = Date.now()
    const jobs = richestByJob(
      source,
      wishes.map(({ wanted }) => wanted),
    )
    const wanted = [...jobs.values()]
    try {
      const line = granted.turn(standingForAll(wishes, granted))
      const answers = await source.read(line, wanted, (address, also) => onAlso(address, also, asOf))
      wanted.forEach(({ address }, index) => {
        const answer = answers[index]!
        if (!(answer instanceof Error)) onRead(address, answer, asOf)
      })
      const byJob = new Map([...jobs.keys()].map((key, index) => [key, answers[index]!]))
      for (const { wanted, resolve, reject } of wishes) {
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
        gatherer.add(source.placeOf(wanted.address), { wanted, caller, resolve, reject })
      }),
  }
}

/** For what comes after the first request: as urgent as the most urgent of them, with the time of the most patient. */
function standingForAll(wishes: readonly Wish[], { caller, abandon }: Granted<unknown>): Caller {
  const isWished = (priority: Caller['priority']) => wishes.some((wish) => wish.caller.priority === priority)
  return {
    ...caller,
    priority: PRIORITIES.find(isWished) ?? caller.priority,
    deadline: Math.max(...wishes.map((wish) => wish.caller.deadline)),
    signal: abandon.signal,
  }
}

function abandonWithTheLast(wishes: readonly Wish[], abandon: AbortController): void {
  let left = wishes.length
  for (const { caller } of wishes) {
    caller.signal.addEventListener('abort', () => --left === 0 && abandon.abort(caller.signal.reason), { once: true })
  }
}

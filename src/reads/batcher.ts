import type { Caller } from '../http/caller.js'
import type { Line, Upstream } from '../http/upstream.js'
import type { Job } from '../job/job.js'
import type { VendorName } from '../job/vendor-name.js'
import { createGatherer, type Wish } from './gatherer.js'
import type { ItemSource, Wanted } from './item-source.js'

/** Reads a vendor's jobs for all requests together. */
export interface Batcher<Address, Item, Reading> {
  /** @param signal takes the wish back while it waits, and aborts what was sent when nobody else wants that either */
  read(wanted: Wanted<Address, Reading>, caller: Caller, signal: AbortSignal): Promise<Item | null>
}

export interface BatcherOptions<Address, Item extends Job, Reading extends string> {
  readonly vendor: VendorName
  readonly upstream: Upstream
  readonly source: ItemSource<Address, Item, Reading>
  /** How long to gather wishes, in ms. */
  readonly windowMs: number
  /** Told of every job that was read; `asOf` is when it was asked for, in epoch ms. */
  readonly onRead: (wanted: Wanted<Address, Reading>, item: Item | null, asOf: number) => void
}

interface ItemWish<Address, Item, Reading> extends Wish {
  readonly wanted: Wanted<Address, Reading>
  readonly resolve: (item: Item | null) => void
}

/** What is wished for of one place is read together, each job once, in the richest way that anybody wants it. */
export function createBatcher<Address, Item extends Job, Reading extends string>(
  options: BatcherOptions<Address, Item, Reading>,
): Batcher<Address, Item, Reading> {
  const { vendor, upstream, source, windowMs, onRead } = options
  type W = ItemWish<Address, Item, Reading>

  const gatherer = createGatherer<W, Line>({
    windowMs,
    turn: (caller) => upstream.turn(caller),
    send(line, wishes, abandon) {
      abandonWithTheLast(wishes, abandon)
      countShared(wishes)
      void readAll(line, wishes)
    },
  })

  async function readAll(line: Line, wishes: readonly W[]): Promise<void> {
    const asOf = Date.now()
    const jobs = [...groupByJob(wishes).values()]
    const wanted = jobs.map(richest)
    try {
      const answers = await source.read(line, wanted, (also, item) => onRead(also, item, asOf))
      jobs.forEach((askers, index) => {
        const answer = answers[index]!
        if (answer instanceof Error) return askers.forEach(({ reject }) => reject(answer))
        onRead(wanted[index]!, answer, asOf)
        askers.forEach(({ resolve }) => resolve(answer))
      })
    } catch (error) {
      for (const { reject } of wishes) reject(error as Error)
    }
  }

  function groupByJob(wishes: readonly W[]): ReadonlyMap<string, W[]> {
    const jobs = new Map<string, W[]>()
    for (const wish of wishes) {
      const key = source.keyOf(wish.wanted.address)
      const askers = jobs.get(key)
      if (askers) askers.push(wish)
      else jobs.set(key, [wish])
    }
    return jobs
  }

  function richest(wishes: readonly W[]): Wanted<Address, Reading> {
    const richness = ({ wanted }: W) => source.readings.indexOf(wanted.reading)
    return wishes.reduce((best, wish) => (richness(wish) > richness(best) ? wish : best)).wanted
  }

  /** The first one's operation bears the calls; those of others ride along. */
  function countShared(wishes: readonly W[]): void {
    const bearer = wishes[0]!.caller.meter
    for (const { caller } of wishes) if (caller.meter !== bearer) caller.meter.add(vendor, { shared: 1 })
  }

  return {
    read: (wanted, caller, signal) =>
      new Promise((resolve, reject) => {
        gatherer.add(source.placeOf(wanted.address), { wanted, caller, signal, resolve, reject })
      }),
  }
}

function abandonWithTheLast(wishes: readonly Wish[], abandon: AbortController): void {
  let left = wishes.length
  for (const { signal } of wishes) {
    signal.addEventListener('abort', () => --left === 0 && abandon.abort(signal.reason), { once: true })
  }
}

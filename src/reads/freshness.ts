import type { Job } from '../job/job.js'
import { isTerminal } from '../job/state.js'
import type { Age } from '../job/vendor.js'
import type { Kept, Store } from './store.js'

/** A job as it was read. */
export interface ReadItem<Item = Job, Reading = string> {
  /** Null when the vendor knew no such job. */
  readonly item: Item | null
  readonly reading: Reading
}

export interface FreshnessOptions {
  /** For jobs; shared with other instances if it is. */
  readonly jobs: Store
  /** For everything else, which is kept for a moment only. */
  readonly answers: Store
  /** How long a job that has ended may be shown as it was read, in ms. Not for ever: a record can be run again. */
  readonly terminalMs: number
  /** The same for a job that has not ended, for one that does not exist, and for lists. */
  readonly liveMs: number
  /** Epoch ms; the machine's clock when not given. */
  readonly now?: () => number
}

/** What was read a moment ago and may still be shown. With times of 0 nothing is kept. */
export interface Freshness {
  /** What may be shown for each key, the one that was asked for before the one that was only seen in a list. */
  items<Item extends Job, Reading>(
    keys: readonly string[],
    age: Exclude<Age, 'new'>,
  ): Promise<readonly (readonly ReadItem<Item, Reading>[])[]>
  /** @param asOf when it was asked for, in epoch ms: something newer stays */
  keepItem(key: string, read: ReadItem, asOf: number): void
  /**
   * What the vendor just said of a job that it was told to change: stays, whatever another instance's clock says.
   * @param isWhole whether it has all that a read would have; if not, it is kept as a job is that has not ended
   */
  replaceItem(key: string, read: ReadItem, isWhole: boolean): void
  dropItem(key: string): void
  /** What a list had although nobody asked for it: kept for a moment, in this process, and beside what was asked for. */
  keepAside(key: string, read: ReadItem, asOf: number): void
  answer<T>(key: string): Promise<T | undefined>
  /** @param forMs how long it may be shown; as long as a list when not given */
  keepAnswer(key: string, answer: unknown, asOf: number, forMs?: number): void
}

/** Remembers by these times. */
export function createFreshness(options: FreshnessOptions): Freshness {
  const { jobs, answers, terminalMs, liveMs, now = Date.now } = options
  const isOff = terminalMs === 0 && liveMs === 0
  const aside = (key: string) => `aside ${key}`

  /** The time that has passed since it was asked for counts: a slow answer is old when it comes. */
  function keep(store: Store, key: string, value: unknown, asOf: number, forMs: number, prevails = false): void {
    if (isOff) return
    void store.put(key, { value, asOf, ttlMs: Math.max(0, asOf + forMs - now()), prevails })
  }

  const timeOf = ({ item }: ReadItem) => (item !== null && isTerminal(item.state) ? terminalMs : liveMs)

  return {
    async items<Item extends Job, Reading>(keys: readonly string[], age: Exclude<Age, 'new'>) {
      const [asked, seen] = await Promise.all([jobs.get(keys), answers.get(keys.map(aside))])
      const oldest = age === 'live' ? now() - liveMs : -Infinity
      return keys.map((_, index) => {
        // What a list had before the job was read by itself is out of date, whatever else it has.
        const since = Math.max(oldest, asked[index]?.asOf ?? -Infinity)
        return [asked[index], seen[index]]
          .filter((kept): kept is Kept => kept !== undefined && kept.asOf >= since)
          .map(({ value }) => value as ReadItem<Item, Reading>)
      })
    },
    keepItem: (key, read, asOf) => keep(jobs, key, read, asOf, timeOf(read)),
    replaceItem: (key, read, isWhole) => keep(jobs, key, read, now(), isWhole ? timeOf(read) : liveMs, true),
    dropItem(key) {
      keep(jobs, key, undefined, now(), 0, true)
      keep(answers, aside(key), undefined, now(), 0, true)
    },
    keepAside: (key, read, asOf) => keep(answers, aside(key), read, asOf, liveMs),
    answer: async <T>(key: string) => (await answers.get([key]))[0]?.value as T | undefined,
    keepAnswer: (key, answer, asOf, forMs = liveMs) => keep(answers, key, answer, asOf, forMs),
  }
}

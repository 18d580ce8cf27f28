import type { Job } from '../job/job.js'
import { isTerminal } from '../job/state.js'
import type { Kept, Store } from './store.js'

/** A job as it was read. */
export interface ReadItem<Item = Job> {
  /** Null when the vendor knew no such job. */
  readonly item: Item | null
  readonly reading: string
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
}

/** What was read a moment ago and may still be shown. With times of 0 nothing is kept. */
export interface Freshness {
  items<Item extends Job>(keys: readonly string[]): Promise<readonly (ReadItem<Item> | undefined)[]>
  /** @param asOf when it was true, in epoch ms: something newer is not replaced */
  keepItem(key: string, read: ReadItem, asOf: number): void
  answer<T>(key: string): Promise<T | undefined>
  keepAnswer(key: string, answer: unknown, asOf: number): void
}

/** What may still be shown, by these times. */
export function createFreshness({ jobs, answers, terminalMs, liveMs }: FreshnessOptions): Freshness {
  function keep(store: Store, entry: Kept): void {
    if (entry.ttlMs > 0) void store.put([entry])
  }
  return {
    items: async <Item extends Job>(keys: readonly string[]) =>
      (await jobs.get(keys)) as readonly (ReadItem<Item> | undefined)[],
    keepItem(key, read, asOf) {
      const ttlMs = read.item !== null && isTerminal(read.item.state) ? terminalMs : liveMs
      keep(jobs, { key, value: read, asOf, ttlMs })
    },
    answer: async <T>(key: string) => (await answers.get([key]))[0] as T | undefined,
    keepAnswer(key, answer, asOf) {
      keep(answers, { key, value: answer, asOf, ttlMs: liveMs })
    },
  }
}

import type { Job } from '../job/job.js'
import { isTerminal } from '../job/state.js'
import type { MaxAge } from '../job/vendor.js'
import type { CacheEntry, CacheStore } from './cache-store.js'

/** A job as it was read. */
export interface ReadItem<Item = Job, Reading = string> {
  /** Null when the vendor knew no such job. */
  readonly item: Item | null
  readonly detail: Reading
}

export interface ReadCacheOptions {
  /** For jobs; shared with other instances if it is. */
  readonly jobStore: CacheStore
  /** For everything else, which is kept for a moment only. */
  readonly responseStore: CacheStore
  /** How long a job that has ended may be shown as it was read, in ms. Not for ever: a record can be run again. */
  readonly terminalMs: number
  /** The same for a job that has not ended, for one that does not exist, and for lists. */
  readonly liveMs: number
  /** Epoch ms; the machine's clock when not given. */
  readonly now?: () => number
}

/** What was read a moment ago and may still be shown. With times of 0 nothing is kept. */
export interface ReadCache {
  /** What may be shown for each key, the one that was asked for before the one that was only seen in a list. */
  getItems<Item extends Job, Reading>(
    keys: readonly string[],
    age: Exclude<MaxAge, 'new'>,
  ): Promise<readonly (readonly ReadItem<Item, Reading>[])[]>
  /** @param asOf when it was asked for, in epoch ms: something newer stays */
  putItem(key: string, read: ReadItem, asOf: number): void
  /**
   * What the vendor just said of a job that it was told to change: stays, whatever another instance's clock says.
   * @param isWhole whether it has all that a read would have; if not, it is kept as a job is that has not ended
   */
  replaceItem(key: string, read: ReadItem, isWhole: boolean): void
  deleteItem(key: string): void
  /** What a list had although nobody asked for it: kept for a moment, in this process, and beside what was asked for. */
  putListItem(key: string, read: ReadItem, asOf: number): void
  getResponse<T>(key: string): Promise<T | undefined>
  /** @param forMs how long it may be shown; as long as a list when not given */
  putResponse(key: string, answer: unknown, asOf: number, forMs?: number): void
}

/** Remembers by these times. */
export function createReadCache(options: ReadCacheOptions): ReadCache {
  const { jobStore, responseStore, terminalMs, liveMs, now = Date.now } = options
  const isOff = terminalMs === 0 && liveMs === 0
  const aside = (key: string) => `aside ${key}`

  /** The time that has passed since it was asked for counts: a slow answer is old when it comes. */
  function keep(store: CacheStore, key: string, value: unknown, asOf: number, forMs: number, prevails = false): void {
    if (isOff) return
    void store.put(key, { value, asOf, ttlMs: Math.max(0, asOf + forMs - now()), isAuthoritative: prevails })
  }

  const timeOf = ({ item }: ReadItem) => (item !== null && isTerminal(item.state) ? terminalMs : liveMs)

  return {
    async getItems<Item extends Job, Reading>(keys: readonly string[], age: Exclude<MaxAge, 'new'>) {
      const [asked, seen] = await Promise.all([jobStore.get(keys), responseStore.get(keys.map(aside))])
      const oldest = age === 'live' ? now() - liveMs : -Infinity
      return keys.map((_, index) => {
        // What a list had before the job was read by itself is out of date, whatever else it has.
        const since = Math.max(oldest, asked[index]?.asOf ?? -Infinity)
        return [asked[index], seen[index]]
          .filter((kept): kept is CacheEntry => kept !== undefined && kept.asOf >= since)
          .map(({ value }) => value as ReadItem<Item, Reading>)
      })
    },
    putItem: (key, read, asOf) => keep(jobStore, key, read, asOf, timeOf(read)),
    replaceItem: (key, read, isWhole) => keep(jobStore, key, read, now(), isWhole ? timeOf(read) : liveMs, true),
    deleteItem(key) {
      keep(jobStore, key, undefined, now(), 0, true)
      keep(responseStore, aside(key), undefined, now(), 0, true)
    },
    putListItem: (key, read, asOf) => keep(responseStore, aside(key), read, asOf, liveMs),
    getResponse: async <T>(key: string) => (await responseStore.get([key]))[0]?.value as T | undefined,
    putResponse: (key, answer, asOf, forMs = liveMs) => keep(responseStore, key, answer, asOf, forMs),
  }
}

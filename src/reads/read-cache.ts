import type { Job } from '../job/job.js'
import { isTerminal } from '../job/state.js'
import type { MaxAge } from '../job/vendor.js'
import type { CacheEntry, CacheStore } from './cache-store.js'

/** A job with the detail level at which it was read. */
export interface ReadItem<Item = Job, Detail = string> {
  /** Null when the vendor has no such job. */
  readonly item: Item | null
  readonly detail: Detail
}

export interface ReadCacheOptions {
  /** Stores jobs; may be shared with other instances. */
  readonly jobStore: CacheStore
  /** Stores all other responses, for the short TTL only. */
  readonly responseStore: CacheStore
  /** TTL of a job that has ended, in ms. Finite, because a finished record can be run again. */
  readonly terminalMs: number
  /** TTL of live jobs, of jobs that do not exist, and of lists, in ms. */
  readonly liveMs: number
  /** Epoch ms. Default: the machine's clock. */
  readonly now?: () => number
}

/** Recent reads that may still be served. With both TTLs 0, nothing is cached. */
export interface ReadCache {
  /** The entries to serve for each key: the one that was requested, then the one that came along with a list. */
  getItems<Item extends Job, Detail>(
    keys: readonly string[],
    age: Exclude<MaxAge, 'new'>,
  ): Promise<readonly (readonly ReadItem<Item, Detail>[])[]>
  /** @param asOf when the read started, in epoch ms; a newer entry stays */
  putItem(key: string, read: ReadItem, asOf: number): void
  /**
   * Stores the job as the vendor returned it for a write. It replaces every entry, even one that another instance's clock dates later.
   * @param isComplete whether it has all fields that a read returns; if not, the TTL of a live job applies
   */
  replaceItem(key: string, read: ReadItem, isComplete: boolean): void
  deleteItem(key: string): void
  /** Stores a job that came along with a list: for the short TTL, in this process, beside the requested entry. */
  putListItem(key: string, read: ReadItem, asOf: number): void
  getResponse<T>(key: string): Promise<T | undefined>
  /** @param ttlMs default: the TTL of lists */
  putResponse(key: string, response: unknown, asOf: number, ttlMs?: number): void
}

export function createReadCache(options: ReadCacheOptions): ReadCache {
  const { jobStore, responseStore, terminalMs, liveMs, now = Date.now } = options
  const isOff = terminalMs === 0 && liveMs === 0
  const listKey = (key: string) => `listed ${key}`

  /** The TTL counts from `asOf`, so a slow response has used part of it when it arrives. */
  function put(store: CacheStore, key: string, value: unknown, asOf: number, ttlMs: number, isAuthoritative = false) {
    if (isOff) return
    void store.put(key, { value, asOf, ttlMs: Math.max(0, asOf + ttlMs - now()), isAuthoritative })
  }

  const ttlOf = ({ item }: ReadItem) => (item !== null && isTerminal(item.state) ? terminalMs : liveMs)

  return {
    async getItems<Item extends Job, Detail>(keys: readonly string[], age: Exclude<MaxAge, 'new'>) {
      const [requested, listed] = await Promise.all([jobStore.get(keys), responseStore.get(keys.map(listKey))])
      const oldest = age === 'live' ? now() - liveMs : -Infinity
      return keys.map((_, index) => {
        // A list entry from before the job's own read is out of date, whatever its detail level.
        const since = Math.max(oldest, requested[index]?.asOf ?? -Infinity)
        return [requested[index], listed[index]]
          .filter((entry): entry is CacheEntry => entry !== undefined && entry.asOf >= since)
          .map(({ value }) => value as ReadItem<Item, Detail>)
      })
    },
    putItem: (key, read, asOf) => put(jobStore, key, read, asOf, ttlOf(read)),
    replaceItem: (key, read, isComplete) => put(jobStore, key, read, now(), isComplete ? ttlOf(read) : liveMs, true),
    deleteItem(key) {
      put(jobStore, key, undefined, now(), 0, true)
      put(responseStore, listKey(key), undefined, now(), 0, true)
    },
    putListItem: (key, read, asOf) => put(responseStore, listKey(key), read, asOf, liveMs),
    getResponse: async <T>(key: string) => (await responseStore.get([key]))[0]?.value as T | undefined,
    putResponse: (key, response, asOf, ttlMs = liveMs) => put(responseStore, key, response, asOf, ttlMs),
  }
}

import { VendorError } from '../job/errors.js'
import { encodeJobId } from '../job/job-id.js'
import type { Job, JobAddress } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import type { Vendor } from '../job/vendor.js'
import type { PollOptions } from './poll.js'
import { createLatestQueue, type LatestQueue } from './latest-queue.js'
import type { ClusterMessage } from './cluster-message.js'
import type { ClusterBus } from './cluster-bus.js'
import { createTicker } from './ticker.js'
import { watchJob, type WatchedJob } from './watched-job.js'

/** The current state of a job, or why it cannot be read. */
export type WatchEvent = WatchedState | { readonly error: Error }

export interface WatchedState {
  readonly job: Job
  /** When the poll that saw this state started, in the ms of `performance.now()`. */
  readonly polledAt: number
}

/** A job to watch, and the vendor that reads it. */
export interface WatchTarget {
  readonly vendor: Vendor
  readonly address: JobAddress
}

export interface WatchOptions {
  /** The fields that the subscriber needs. */
  readonly selection: Selection
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal
}

/** Runs one poller per watched job, however many subscribers it has. */
export interface Watcher {
  /**
   * Yields each job at once, then whenever its status or progress changes, until it is terminal. Ends with the last
   * job. A transient failure is yielded when it lasts, and the job stays watched; a permanent one ends that job. Polling
   * starts with the first `next()` and stops when the iterator returns or the signal aborts. A slow reader gets only the
   * latest event of each job.
   */
  watch(targets: readonly WatchTarget[], options: WatchOptions): AsyncIterableIterator<WatchEvent>
  /** Polls a job soon on the instance that leads it, because it was changed. */
  notifyChanged(target: WatchTarget): void
  /** Polls the vendor's jobs whose ids are among these strings of a webhook, on the instances that lead them. */
  notifyMentioned(vendor: Vendor['name'], strings: readonly string[]): void
  /** The number of watched jobs and of open subscriptions. */
  watching(): { readonly jobs: number; readonly subscribers: number }
  /** Ends all subscriptions. */
  close(): void
}

export interface WatcherOptions extends PollOptions {
  /** The shortest interval between two polls of a job, in ms. */
  readonly pollMs: number
  /** How long subscribers are not told of transient failures, in ms. */
  readonly outageGraceMs: number
  readonly clusterBus: ClusterBus
}

interface Entry extends WatchTarget {
  readonly watched: WatchedJob
}

/** Polls run on common ticks at most this far apart, so that they are batched. */
const TICK_MS = 600
const MAX_INTERVAL_MS = 10_000

export function createWatcher({ pollMs, outageGraceMs, clusterBus, ...pollOptions }: WatcherOptions): Watcher {
  const bounds = { minMs: pollMs, maxMs: Math.max(pollMs, MAX_INTERVAL_MS) }
  const ticker = createTicker(Math.min(pollMs, TICK_MS))
  const entries = new Map<string, Entry>()
  const queues = new Set<LatestQueue<WatchEvent>>()
  clusterBus.subscribe({ onMessage, onGap: () => entries.forEach(({ watched }) => watched.resync()) })

  function entryOf({ vendor, address }: WatchTarget): Entry {
    const job = keyOf({ vendor, address })
    const existing = entries.get(job)
    if (existing) return existing
    const watched = watchJob({
      ...pollOptions,
      vendor,
      address,
      bounds,
      ticker,
      outageGraceMs,
      onUpdate: (fingerprint) => clusterBus.publish({ kind: 'update', job, fingerprint }),
      onOutage: ({ code, message }) => clusterBus.publish({ kind: 'outage', job, code, message }),
      onChangeSeen: () => clusterBus.publish({ kind: 'changed', job }),
      onEmpty() {
        entries.delete(job)
        releaseLeadership()
      },
    })
    const entry = { vendor, address, watched }
    entries.set(job, entry)
    const releaseLeadership = clusterBus.acquireLeadership(job, watched.setLeader)
    return entry
  }

  function onMessage(message: ClusterMessage): void {
    if (message.kind === 'mentioned') return pollMentioned(message.vendor, message.strings)
    const entry = entries.get(message.job)
    if (message.kind === 'changed') entry?.watched.pollSoon()
    else if (message.kind === 'update') entry?.watched.onLeaderUpdate(message.fingerprint)
    else entry?.watched.onLeaderOutage(new VendorError(entry.vendor.name, message.code, message.message))
  }

  function pollMentioned(vendorName: string, strings: readonly string[]): void {
    const ids = new Set(strings)
    for (const { vendor, address, watched } of entries.values())
      if (vendor.name === vendorName && ids.has(address.path.at(-1)!)) watched.pollSoon()
  }

  return {
    watch(targets, { selection, signal }) {
      let unsubscribes: readonly (() => void)[] = []
      let remaining = targets.length
      const abandon = () => void queue.reader.return?.()
      const queue = createLatestQueue<WatchEvent>({
        onOpen() {
          if (signal.aborted) return abandon()
          queues.add(queue)
          signal.addEventListener('abort', abandon)
          unsubscribes = targets.map((target) => {
            const job = keyOf(target)
            return entryOf(target).watched.subscribe({
              selection,
              next: (state, polledAt) => queue.put(job, { job: state, polledAt }),
              error: (error) => queue.put(job, { error }),
              complete: () => void (--remaining === 0 && queue.close()),
            })
          })
        },
        onClose() {
          queues.delete(queue)
          signal.removeEventListener('abort', abandon)
          for (const unsubscribe of unsubscribes) unsubscribe()
        },
      })
      return queue.reader
    },
    notifyChanged(target) {
      const job = keyOf(target)
      entries.get(job)?.watched.pollSoon()
      clusterBus.publish({ kind: 'changed', job })
    },
    notifyMentioned(vendor, strings) {
      pollMentioned(vendor, strings)
      clusterBus.publish({ kind: 'mentioned', vendor, strings })
    },
    watching: () => ({ jobs: entries.size, subscribers: queues.size }),
    close() {
      for (const queue of queues) queue.close()
    },
  }
}

/** The key of a job as read with one credential, the same on every instance. */
function keyOf({ vendor, address }: WatchTarget): string {
  return `${vendor.credentialKey} ${encodeJobId(address)}`
}

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

/** A job as it is now, or why it cannot be read. */
export type WatchEvent = WatchedState | { readonly error: Error }

export interface WatchedState {
  readonly job: Job
  /** When the look began that saw it so, in the ms of `performance.now()`. */
  readonly polledAt: number
}

/** A job to be watched, and the vendor by which it is read. */
export interface WatchTarget {
  readonly vendor: Vendor
  readonly address: JobAddress
}

export interface WatchOptions {
  /** What is wanted of the jobs. */
  readonly selection: Selection
  /** Aborts when the reader has gone without a word. */
  readonly signal: AbortSignal
}

/** Watches jobs for everybody: however many watch one, it is read once for all of them. */
export interface Watcher {
  /**
   * Each job now, and again whenever its status, progress or failure changes, until it is terminal; ends with the last
   * one. A failure that may pass is told when it lasts, and does not end it; one that cannot pass ends its own job.
   * Nothing is read before the first is asked for, and nothing once the iterator has returned or the signal aborts. Who
   * reads slowly gets the latest of each job.
   */
  watch(subjects: readonly WatchTarget[], wish: WatchOptions): AsyncIterableIterator<WatchEvent>
  /** Something was done to this job: whoever watches it, on any instance, sees soon what came of it. */
  notifyChanged(subject: WatchTarget): void
  /** The vendor posted something in which these words stand: jobs with such an id are looked at soon, on any instance. */
  notifyMentioned(vendor: Vendor['name'], words: readonly string[]): void
  /** How much there is to do just now. */
  watching(): { readonly jobs: number; readonly viewers: number }
  /** Ends all that is being watched. */
  close(): void
}

export interface WatcherOptions extends PollOptions {
  /** The shortest pause between two looks at a job, in ms. */
  readonly pollMs: number
  /** How long failures that may pass are kept quiet, in ms. */
  readonly outageGraceMs: number
  readonly clusterBus: ClusterBus
}

interface Entry extends WatchTarget {
  readonly watched: WatchedJob
}

/** Looks are made at common moments, about so far apart. */
const TICK_MS = 600
const MAX_PAUSE_MS = 10_000

export function createWatcher({ pollMs, outageGraceMs, clusterBus, ...looks }: WatcherOptions): Watcher {
  const pace = { minMs: pollMs, maxMs: Math.max(pollMs, MAX_PAUSE_MS) }
  const ticker = createTicker(Math.min(pollMs, TICK_MS))
  const entries = new Map<string, Entry>()
  const mailboxes = new Set<LatestQueue<WatchEvent>>()
  clusterBus.subscribe({ onMessage: hear, onGap: () => entries.forEach(({ watched }) => watched.resync()) })

  function enter({ vendor, address }: WatchTarget): Entry {
    const job = keyOf({ vendor, address })
    const known = entries.get(job)
    if (known) return known
    const watched = watchJob({
      ...looks,
      vendor,
      address,
      bounds: pace,
      ticker,
      outageGraceMs,
      onUpdate: (print) => clusterBus.publish({ kind: 'news', job, print }),
      onOutage: ({ code, message }) => clusterBus.publish({ kind: 'outage', job, code, message }),
      onChangeSeen: () => clusterBus.publish({ kind: 'wake', job }),
      onEmpty() {
        entries.delete(job)
        resign()
      },
    })
    const entry = { vendor, address, watched }
    entries.set(job, entry)
    const resign = clusterBus.acquireLeadership(job, watched.setLeader)
    return entry
  }

  function hear(message: ClusterMessage): void {
    if (message.kind === 'hint') return wakeNamed(message.vendor, new Set(message.words))
    const entry = entries.get(message.job)
    if (message.kind === 'wake') entry?.watched.pollSoon()
    else if (message.kind === 'news') entry?.watched.onLeaderUpdate(message.print)
    else entry?.watched.onLeaderOutage(new VendorError(entry.vendor.name, message.code, message.message))
  }

  function wakeNamed(name: string, ids: ReadonlySet<string>): void {
    for (const { vendor, address, watched } of entries.values())
      if (vendor.name === name && ids.has(address.path.at(-1)!)) watched.pollSoon()
  }

  return {
    watch(subjects, { selection, signal }) {
      let leave: readonly (() => void)[] = []
      let left = subjects.length
      const abandon = () => void mailbox.reader.return?.()
      const mailbox = createLatestQueue<WatchEvent>({
        onOpen() {
          if (signal.aborted) return abandon()
          mailboxes.add(mailbox)
          signal.addEventListener('abort', abandon)
          leave = subjects.map((subject) => {
            const key = keyOf(subject)
            return enter(subject).watched.subscribe({
              selection,
              next: (job, lookedAt) => mailbox.put(key, { job, polledAt: lookedAt }),
              error: (error) => mailbox.put(key, { error }),
              complete: () => void (--left === 0 && mailbox.close()),
            })
          })
        },
        onClose() {
          mailboxes.delete(mailbox)
          signal.removeEventListener('abort', abandon)
          for (const each of leave) each()
        },
      })
      return mailbox.reader
    },
    notifyChanged(subject) {
      const job = keyOf(subject)
      entries.get(job)?.watched.pollSoon()
      clusterBus.publish({ kind: 'wake', job })
    },
    notifyMentioned(vendor, words) {
      wakeNamed(vendor, new Set(words))
      clusterBus.publish({ kind: 'hint', vendor, words })
    },
    watching: () => ({ jobs: entries.size, viewers: mailboxes.size }),
    close() {
      for (const mailbox of mailboxes) mailbox.close()
    },
  }
}

/** One name for a job as it is read with one credential, on every instance. */
function keyOf({ vendor, address }: WatchTarget): string {
  return `${vendor.credentialKey} ${encodeJobId(address)}`
}

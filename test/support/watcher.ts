import { expect } from 'vitest'
import { DocketError } from '../../src/job/errors.js'
import { encodeJobId } from '../../src/job/job-id.js'
import type { JobAddress } from '../../src/job/job.js'
import { createMeter } from '../../src/job/meter.js'
import type { JobStatus } from '../../src/job/state.js'
import { SINGLE_INSTANCE, type ClusterBus, type ClusterListener } from '../../src/watch/cluster-bus.js'
import type { ClusterMessage } from '../../src/watch/cluster-message.js'
import { createWatcher, type WatchEvent, type Watcher } from '../../src/watch/watcher.js'
import { advance } from './fake-timers.js'
import { createFakeVendor, type FakeVendor } from './fake-vendor.js'
import { jobWithStatus } from './test-job.js'

export const POLL_MS = 600
export const HOUR = 3_600_000

export const execution = (id: string): JobAddress => ({ type: 'Execution', path: [id] })
export const keyOf = (id: string) => `scope ${encodeJobId(execution(id))}`

/** A watcher over one fake vendor. Returns both, and `jobs`, which sets the status of each job; the default is RUNNING. */
export function openWatcher({ clusterBus = SINGLE_INSTANCE }: { clusterBus?: ClusterBus } = {}) {
  const vendor = createFakeVendor()
  const jobs: Record<string, JobStatus | Error | null> = {}
  vendor.respondWith((address) => {
    const job = jobs[address.path[0]!]
    return job === null || job instanceof Error ? job : jobWithStatus(job ?? 'RUNNING', {}, address)
  })
  const watcher = createWatcher({
    pollMs: POLL_MS,
    outageGraceMs: 15_000,
    deadlineMs: 5000,
    meter: createMeter(),
    clusterBus,
  })
  return { vendor, jobs, watcher, watch: (...ids: string[]) => watchWith(watcher, vendor, ids) }
}

/** A subscription. Returns its iterator, and a function that reads it to the end and returns the growing list of events. */
export function watchWith(
  watcher: Watcher,
  vendor: FakeVendor,
  ids: readonly string[],
  signal = new AbortController().signal,
) {
  const targets = ids.map((id) => ({ vendor, address: execution(id) }))
  const reader = watcher.watch(targets, { selection: () => new Set(['status']), signal })
  const received: string[] = []
  return {
    reader,
    read() {
      void (async () => {
        for await (const event of reader) received.push(labelOf(event))
        received.push('end')
      })()
      return received
    },
  }
}

function labelOf(event: WatchEvent): string {
  if ('error' in event) return event.error instanceof DocketError ? event.error.code : event.error.name
  return `${event.job.vendorId} ${event.job.state.status}`
}

/** Waits until the poll intervals have grown to seconds and a poll has just run, so that none is due soon. */
export async function untilQuiet(...vendors: readonly FakeVendor[]): Promise<void> {
  await advance(HOUR)
  const reads = () => vendors.reduce((sum, vendor) => sum + vendor.reads.length, 0)
  for (const before = reads(); reads() === before;) await advance(POLL_MS)
}

/** A cluster bus in memory. Returns it with what was published, the leader callbacks by job, and ways to send messages. */
export function openClusterBus() {
  const published: ClusterMessage[] = []
  const leaderCallbacks = new Map<string, (isLeader: boolean) => void>()
  const released: string[] = []
  let listener: ClusterListener | undefined
  const clusterBus: ClusterBus = {
    acquireLeadership(job, onLeaderChange) {
      expect(leaderCallbacks.has(job)).toBe(false)
      leaderCallbacks.set(job, onLeaderChange)
      return () => {
        leaderCallbacks.delete(job)
        released.push(job)
      }
    },
    publish: (message) => void published.push(message),
    subscribe(given) {
      expect(listener).toBeUndefined()
      listener = given
    },
    close: () => Promise.resolve(),
  }
  return {
    clusterBus,
    published,
    leaderCallbacks,
    released,
    send: (message: ClusterMessage) => listener!.onMessage(message),
    loseMessages: () => listener!.onGap(),
  }
}

import { vi } from 'vitest'
import { DocketError } from '../../src/job/errors.js'
import { createMeter } from '../../src/job/meter.js'
import { createTicker } from '../../src/watch/ticker.js'
import { watchJob } from '../../src/watch/watched-job.js'
import { createFakeVendor, type FakeRead } from './fake-vendor.js'
import { jobWithStatus, TEST_ADDRESS } from './test-job.js'

export const POLL_MS = 600
export const OUTAGE_GRACE_MS = 15_000
export const HOUR = 3_600_000

/** A watched job and everything that it reports. Returns the vendor, the poller and the recorded callbacks. */
export function openWatchedJob({ isLeader = true, pollMs = POLL_MS }: { isLeader?: boolean; pollMs?: number } = {}) {
  const vendor = createFakeVendor()
  const updates: string[] = []
  const outages: string[] = []
  const onEmpty = vi.fn<() => void>()
  const onChangeSeen = vi.fn<() => void>()
  const watched = watchJob({
    vendor,
    address: TEST_ADDRESS,
    bounds: { minMs: pollMs, maxMs: Math.max(pollMs, 10_000) },
    ticker: createTicker(POLL_MS),
    outageGraceMs: OUTAGE_GRACE_MS,
    deadlineMs: 5000,
    meter: createMeter(),
    onUpdate: (fingerprint) => void updates.push(fingerprint),
    onOutage: ({ code }) => void outages.push(code),
    onChangeSeen,
    onEmpty,
  })
  watched.setLeader(isLeader)
  return {
    vendor,
    watched,
    updates,
    outages,
    onEmpty,
    onChangeSeen,
    /** Subscribes with these fields. Records statuses or progress, error codes and the completion. */
    subscribe(...fields: string[]) {
      const received: string[] = []
      const unsubscribe = watched.subscribe({
        selection: (...path) => new Set(path.length === 0 ? fields : path[0] === 'rules' ? ['run'] : []),
        next: ({ state }) =>
          void received.push(state.status === 'RUNNING' && state.progress ? `${state.progress}` : state.status),
        error: (error) => void received.push(error instanceof DocketError ? error.code : error.name),
        complete: () => void received.push('completed'),
      })
      return { received, unsubscribe }
    },
  }
}

export const running = (progress: number | null = null) => jobWithStatus('RUNNING', { progress })

/** `new` for reads that bypass all caches, else `live`. */
export const maxAgesOf = (reads: readonly FakeRead[]) => reads.map(({ request }) => request.maxAge)

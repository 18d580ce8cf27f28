import { silentLog } from '../../src/job/log.js'
import type { Job } from '../../src/job/job.js'
import { jobState, type JobStatus } from '../../src/job/state.js'
import type { ItemSource, ReadRequest } from '../../src/reads/item-source.js'
import type { ReadItem } from '../../src/reads/read-cache.js'
import { createSharedReads, type SharedReads } from '../../src/reads/shared-reads.js'
import { createSharedState, type SharedState } from '../../src/reads/shared-state.js'
import type { CallContext } from '../../src/upstream/call-context.js'
import type { Permit, Upstream, UpstreamClient } from '../../src/upstream/upstream.js'
import { testContext } from './test-context.js'

const DETAIL_LEVELS = ['bare', 'plain', 'verbose'] as const
export type DetailLevel = (typeof DETAIL_LEVELS)[number]
export type JobRequest = ReadRequest<string, DetailLevel>
export type JobResult = Job | null | Error

/** The shared reads of one vendor that has no network. */
export interface VendorReads {
  readonly items: SharedReads<string, Job, DetailLevel>
  /** What the vendor was asked to read, such as `plain 1`, oldest first. */
  readonly reads: readonly string[]
  /** Replaces the function that gives the vendor's result for each request. */
  respondWith(resultOf: (request: JobRequest) => JobResult): void
  /** Reads every job at this detail level or a higher one from now on. */
  setMinDetail(detail: DetailLevel): void
  /** Returns these extra items with every read from now on. */
  setExtraItems(...extraItems: readonly ReadItem<Job, DetailLevel>[]): void
  /** Holds back all reads until the returned function is called. */
  hold(): () => void
  /** Replaces the function that waits for a permit. */
  waitForPermitWith(wait: () => Promise<void>): void
  read(address: string, detail?: DetailLevel, context?: Partial<CallContext>): Promise<JobResult>
}

export function jobWith(vendorId: string, status: JobStatus = 'RUNNING', name: string | null = null): Job {
  return {
    address: { type: 'Execution', path: [vendorId] },
    vendor: 'KODEXA',
    vendorId,
    name,
    state: jobState(status, { createdAt: null, startedAt: null, endedAt: null, vendorStatus: null }),
    vendorStatus: null,
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    endedAt: null,
  }
}

/** Returns the name of the job, or the message of the error. */
export function nameOf(result: JobResult): string | null {
  return result instanceof Error ? result.message : (result?.name ?? null)
}

/** Returns a state that caches every job for a minute. */
export function cachingState(): SharedState {
  return createSharedState({ terminalMs: 60_000, liveMs: 60_000, log: silentLog })
}

/** Returns shared reads of a vendor that knows every job but `secret`, which its source rejects. */
export function openVendorReads(sharedState = cachingState(), credentialKey = 'a credential'): VendorReads {
  const reads: string[] = []
  let resultOf: (request: JobRequest) => JobResult = ({ address }) => jobWith(address)
  let extraItems: readonly ReadItem<Job, DetailLevel>[] = []
  let minDetail: DetailLevel = 'bare'
  let gate = Promise.resolve()
  let waitForPermit = () => Promise.resolve()
  const moreDetailed = (one: DetailLevel, other: DetailLevel) =>
    DETAIL_LEVELS.indexOf(one) > DETAIL_LEVELS.indexOf(other) ? one : other
  const source: ItemSource<string, Job, DetailLevel> = {
    detailLevels: DETAIL_LEVELS,
    keyOf: (address) => `Job ${address}`,
    batchKeyOf: () => 'the only batch',
    rejection: (address) => (address === 'secret' ? new Error('this job cannot be read') : null),
    async read(_client, requests, onExtraItem) {
      for (const { address, detail } of requests) reads.push(`${detail} ${address}`)
      const results = requests.map((request) => {
        const item = resultOf(request)
        return item instanceof Error ? item : { item, detail: moreDetailed(request.detail, minDetail) }
      })
      const extras = extraItems
      await gate
      for (const extra of extras) onExtraItem(extra.item!.vendorId, extra)
      return results
    },
  }
  const permit: Permit = () => ({}) as UpstreamClient
  const upstream: Pick<Upstream, 'acquirePermit'> = {
    async acquirePermit() {
      await waitForPermit()
      return permit
    },
  }
  const items = createSharedReads({
    vendor: 'KODEXA',
    upstream: upstream as Upstream,
    sharedState,
    credentialKey,
    source,
  })
  return {
    items,
    reads,
    respondWith(next) {
      resultOf = next
    },
    setMinDetail(detail) {
      minDetail = detail
    },
    setExtraItems(...next) {
      extraItems = next
    },
    waitForPermitWith(next) {
      waitForPermit = next
    },
    hold() {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    async read(address, detail = 'plain', context = {}) {
      const [result] = await items.read([{ address, detail }], testContext(context))
      return result!
    },
  }
}

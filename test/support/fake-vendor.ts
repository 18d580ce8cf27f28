import type { Job, JobAddress } from '../../src/job/job.js'
import type { Selection } from '../../src/job/selection.js'
import type { Vendor, VendorRequest } from '../../src/job/vendor.js'

/** The result of a read; null for a job that the vendor does not know. */
export type ReadResult = Job | Error | null

/** One read of a job. */
export interface FakeRead {
  readonly address: JobAddress
  readonly selection: Selection
  readonly request: VendorRequest
  /** Settles the read, unless it was settled already. */
  respond(result: ReadResult): void
}

export interface FakeVendor extends Vendor {
  /** Oldest first. */
  readonly reads: readonly FakeRead[]
  /** Settles later reads by this function; with null each waits for the test to settle it. */
  respondWith(resultOf: ((address: JobAddress) => ReadResult) | null): void
}

/** A vendor without a network, whose reads are settled by the test. An aborted read rejects. */
export function createFakeVendor(options: Partial<Vendor> = {}): FakeVendor {
  const reads: FakeRead[] = []
  let resultOf: ((address: JobAddress) => ReadResult) | null = null
  const unexpected = () => {
    throw new Error('The watcher may only read jobs.')
  }
  return {
    name: 'KODEXA',
    mode: 'LIVE',
    credentialKey: 'scope',
    jobTypes: ['Execution'],
    circuit: () => 'CLOSED',
    budget: () => Promise.resolve(null),
    close: () => Promise.resolve(),
    reads,
    respondWith(next) {
      resultOf = next
    },
    open: (request) => ({
      sources: unexpected,
      maxSources: unexpected,
      cancel: unexpected,
      ping: unexpected,
      job: (address, selection) =>
        new Promise((resolve, reject) => {
          const respond = (result: ReadResult) => (result instanceof Error ? reject(result) : resolve(result))
          request.signal.addEventListener('abort', () => reject(request.signal.reason as Error), { once: true })
          reads.push({ address, selection, request, respond })
          if (resultOf) respond(resultOf(address))
        }),
    }),
    ...options,
  }
}

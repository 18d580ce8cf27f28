import type { Job, JobAddress } from '../../src/job/job.js'
import type { Selection } from '../../src/job/selection.js'
import type { Vendor, VendorRequest } from '../../src/job/vendor.js'

/** What a read comes to; null for a job that the vendor does not know. */
export type ReadResult = Job | Error | null

/** One read of a job. */
export interface FakeRead {
  readonly address: JobAddress
  readonly selection: Selection
  readonly request: VendorRequest
  /** Answers it, unless it was answered by itself. */
  answer(reading: ReadResult): void
}

export interface FakeVendor extends Vendor {
  /** Oldest first. */
  readonly reads: readonly FakeRead[]
  /** From now on reads are answered so, by themselves; with null each waits for a test to answer it. */
  respondWith(read: ((address: JobAddress) => ReadResult) | null): void
}

/** A vendor without a network: who watches its jobs is answered when a test says so. A read that is aborted fails. */
export function createFakeVendor(options: Partial<Vendor> = {}): FakeVendor {
  const looks: FakeRead[] = []
  let read: ((address: JobAddress) => ReadResult) | null = null
  const unexpected = () => {
    throw new Error('Watching reads jobs and does nothing else.')
  }
  return {
    name: 'KODEXA',
    mode: 'LIVE',
    credentialKey: 'scope',
    jobTypes: ['Execution'],
    circuit: () => 'CLOSED',
    budget: () => Promise.resolve(null),
    close: () => Promise.resolve(),
    reads: looks,
    respondWith(next) {
      read = next
    },
    open: (request) => ({
      sources: unexpected,
      maxSources: unexpected,
      cancel: unexpected,
      ping: unexpected,
      job: (address, selection) =>
        new Promise((resolve, reject) => {
          const answer = (reading: ReadResult) => (reading instanceof Error ? reject(reading) : resolve(reading))
          request.signal.addEventListener('abort', () => reject(request.signal.reason as Error), { once: true })
          looks.push({ address, selection, request, answer })
          if (read) answer(read(address))
        }),
    }),
    ...options,
  }
}

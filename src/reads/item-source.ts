import type { UpstreamClient } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { ReadItem } from './read-cache.js'

/** A job to read, and how much of it. */
export interface ReadRequest<Address, Detail> {
  readonly address: Address
  readonly detail: Detail
}

/** How a vendor reads one kind of job, so that its reads can be shared, batched and cached. */
export interface ItemSource<Address, Item extends Job, Detail extends string> {
  /** From least to most: each level has all that the levels before it have. */
  readonly detailLevels: readonly Detail[]
  /** Identifies the job: equal for all spellings of one address, and different from the keys of every other source. */
  keyOf(address: Address): string
  /** Jobs with the same batch key can be read together. */
  batchKeyOf(address: Address): string
  /** The error for a job that the vendor does not let anyone read; null for all others. */
  rejection?(address: Address): Error | null
  /**
   * Reads jobs with one batch key, each requested once, in as few calls as possible. Returns one result for each
   * request, in the same order; each item has at least the detail level requested.
   * @param client holds the permit for one read
   * @param onExtraItem called with jobs that the vendor returned without being requested
   * @throws what fails all requests
   */
  read(
    client: UpstreamClient,
    requests: readonly ReadRequest<Address, Detail>[],
    onExtraItem: (address: Address, read: ReadItem<Item, Detail>) => void,
  ): Promise<readonly (ReadItem<Item, Detail> | Error)[]>
}

import type { UpstreamClient } from '../upstream/upstream.js'
import type { Job } from '../job/job.js'
import type { ReadItem } from './read-cache.js'

/** A job that somebody wants, and how it is to be read. */
export interface ReadRequest<Address, Reading> {
  readonly address: Address
  readonly detail: Reading
}

/** What a vendor folder tells of one kind of job, so that its reads can be shared, batched and remembered. */
export interface ItemSource<Address, Item extends Job, Reading extends string> {
  /** From poor to rich: a job read in one of these ways has all that it would have, read in a way before it. */
  readonly detailLevels: readonly Reading[]
  /** The same for the same job, however it was spelled, and the same for no other kind of source. */
  keyOf(address: Address): string
  /** Jobs of the same place can be read together. */
  batchKeyOf(address: Address): string
  /** The error for a job that the vendor lets nobody read; null for others. */
  rejection?(address: Address): Error | null
  /**
   * Reads jobs of one place, each wanted once, in as few calls as it can. For each, in the same order, the job and
   * how it was read: no poorer than it was wanted.
   * @param line of which one read is paid for
   * @param onAlso told of jobs that were answered although nobody wanted them
   * @throws what fails all of them
   */
  read(
    line: UpstreamClient,
    wanted: readonly ReadRequest<Address, Reading>[],
    onAlso: (address: Address, read: ReadItem<Item, Reading>) => void,
  ): Promise<readonly (ReadItem<Item, Reading> | Error)[]>
}

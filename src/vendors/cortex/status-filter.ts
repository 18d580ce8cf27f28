import type { Job } from '../../job/job.js'
import type { JobStatus } from '../../job/state.js'
import { rawStatusesFor } from '../../job/status-reader.js'

export interface StatusFilter<Word extends string> {
  /** What to ask Cortex for; undefined for all. */
  readonly rawStatus: Word | undefined
  /** What to leave out of its answer, which it might have given unasked; undefined for nothing. */
  readonly isWanted: ((job: Job) => boolean) | undefined
  /** Whether that is likely to be much, because it could not be asked for. */
  readonly sparse: boolean
  /** Whether no word of the vendor's stands for what is wanted, so that nothing need be asked. */
  readonly isEmpty: boolean
}

/** How to get the jobs of these statuses from a list that Cortex filters by one word at a time. */
export function planStatusFilter<Word extends string>(
  table: Readonly<Record<Word, JobStatus>>,
  statuses: readonly JobStatus[] | null | undefined,
): StatusFilter<Word> {
  if (statuses == null) return { rawStatus: undefined, isWanted: undefined, sparse: false, isEmpty: false }
  const words = rawStatusesFor(table, statuses)
  const word = words?.length === 1 ? words[0] : undefined
  return {
    rawStatus: word,
    isWanted: (job) => statuses.includes(job.state.status),
    sparse: words?.length !== 0 && word === undefined,
    isEmpty: words?.length === 0,
  }
}

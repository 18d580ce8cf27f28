import type { Job } from '../../job/job.js'
import type { JobStatus } from '../../job/state.js'
import { wordsFor } from '../../job/status-words.js'

export interface StatusFilter<Word extends string> {
  /** What to ask Cortex for; undefined for all. */
  readonly word: Word | undefined
  /** What to leave out of its answer; undefined for nothing. */
  readonly keep: ((job: Job) => boolean) | undefined
  /** Whether no word of the vendor's stands for what is wanted, so that nothing need be asked. */
  readonly isEmpty: boolean
}

/** How to get the jobs of these statuses from a list that Cortex filters by one word at a time. */
export function planStatusFilter<Word extends string>(
  table: Readonly<Record<Word, JobStatus>>,
  statuses: readonly JobStatus[] | null | undefined,
): StatusFilter<Word> {
  if (statuses == null) return { word: undefined, keep: undefined, isEmpty: false }
  const words = wordsFor(table, statuses)
  if (words?.length === 0) return { word: undefined, keep: undefined, isEmpty: true }
  if (words?.length === 1) return { word: words[0], keep: undefined, isEmpty: false }
  return { word: undefined, keep: (job) => statuses.includes(job.state.status), isEmpty: false }
}

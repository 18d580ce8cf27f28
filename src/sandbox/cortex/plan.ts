import { progressAt, type Progress } from '../lifecycle.js'

/** The life of a record or run, fixed when it is created. Times are epoch ms. */
export interface Plan {
  readonly createdAt: number
  /** {@link NEVER} for a draft, which nobody has started. */
  readonly queuedMs: number
  readonly runMs: number
  readonly ending: 'COMPLETED' | 'FAILED' | 'SKIPPED'
  readonly cancelledAt?: number | undefined
}

/** What a record or run is doing. On the wire, a run that is QUEUED is called PENDING. */
export type JobStatus = 'DRAFT' | 'QUEUED' | 'RUNNING' | 'CANCELLED' | Plan['ending']

export type JobProgress = Progress<JobStatus>

export const NEVER = Infinity

/** Returns the progress at `now`. That a cancel takes effect at once is a guess. */
export function progressOf({ createdAt, queuedMs, runMs, ending, cancelledAt }: Plan, now: number): JobProgress {
  if (queuedMs === NEVER) return progressAt({ createdAt, stages: [['DRAFT', NEVER]] }, now)
  return progressAt<JobStatus>(
    {
      createdAt,
      stages: [
        ['QUEUED', queuedMs],
        ['RUNNING', runMs],
        [ending, NEVER],
      ],
      cancel: cancelledAt === undefined ? null : { at: cancelledAt, stagesAfter: () => [['CANCELLED', NEVER]] },
    },
    now,
  )
}

/** Whether the job has been created by `now`. One that was cancelled before never is. */
export function existsAt({ createdAt, cancelledAt = NEVER }: Plan, now: number): boolean {
  return createdAt <= now && createdAt <= cancelledAt
}

/** When the job ends if nobody cancels it. */
export function plannedEnd({ createdAt, queuedMs, runMs }: Plan): number {
  return createdAt + queuedMs + runMs
}

export function isCancellable({ status }: JobProgress): boolean {
  return status === 'QUEUED' || status === 'RUNNING'
}

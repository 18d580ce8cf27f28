/** The normalised statuses: every raw status of every vendor maps to one of these. */
export const JOB_STATUSES = [
  'DRAFT',
  'QUEUED',
  'RUNNING',
  'CANCELLING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'SKIPPED',
  'UNKNOWN',
] as const

export type JobStatus = (typeof JOB_STATUSES)[number]

/** Why a job failed, in the vendor's words when it gave any. */
export interface JobFailure {
  readonly message: string
  readonly code: string | null
}

/**
 * The state of a job, with the data that only this state has. The single source of the status enum, the GraphQL union,
 * {@link isTerminal} and {@link isCancellable}: a new member does not compile until each of them handles it.
 */
export type JobState =
  | { readonly status: 'DRAFT'; readonly createdAt: Date | null }
  | { readonly status: 'QUEUED'; readonly queuedAt: Date | null }
  | { readonly status: 'RUNNING'; readonly startedAt: Date | null; readonly progress: number | null }
  | { readonly status: 'CANCELLING'; readonly startedAt: Date | null }
  | { readonly status: 'COMPLETED'; readonly startedAt: Date | null; readonly endedAt: Date | null }
  | {
      readonly status: 'FAILED'
      readonly startedAt: Date | null
      readonly endedAt: Date | null
      readonly failure: JobFailure
    }
  | { readonly status: 'CANCELLED'; readonly startedAt: Date | null; readonly endedAt: Date | null }
  | { readonly status: 'SKIPPED'; readonly endedAt: Date | null; readonly reason: string | null }
  | { readonly status: 'UNKNOWN'; readonly vendorStatus: string | null }

/** Everything a vendor may report that some state carries. */
export interface JobFacts {
  readonly createdAt: Date | null
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly vendorStatus: string | null
  /** 0 to 1; null when the vendor reports none. */
  readonly progress?: number | null
  readonly failure?: JobFailure | null
  readonly skipReason?: string | null
}

/** The state with this status and the facts that belong to it. */
export function jobState(status: JobStatus, facts: JobFacts): JobState {
  const { createdAt, startedAt, endedAt } = facts
  switch (status) {
    case 'DRAFT':
      return { status, createdAt }
    case 'QUEUED':
      return { status, queuedAt: createdAt }
    case 'RUNNING':
      return { status, startedAt, progress: facts.progress ?? null }
    case 'CANCELLING':
      return { status, startedAt }
    case 'COMPLETED':
    case 'CANCELLED':
      return { status, startedAt, endedAt }
    case 'FAILED':
      return {
        status,
        startedAt,
        endedAt,
        failure: facts.failure ?? { message: 'The vendor gave no reason.', code: null },
      }
    case 'SKIPPED':
      return { status, endedAt, reason: facts.skipReason ?? null }
    case 'UNKNOWN':
      return { status, vendorStatus: facts.vendorStatus }
  }
}

/** Whether the job has ended. A draft has not: it has yet to start. */
export function isTerminal(state: JobState): boolean {
  return isTerminalStatus(state.status)
}

/** {@link isTerminal} for a status without a state, such as that of a step. */
export function isTerminalStatus(status: JobStatus): boolean {
  switch (status) {
    case 'COMPLETED':
    case 'FAILED':
    case 'CANCELLED':
    case 'SKIPPED':
      return true
    case 'DRAFT':
    case 'QUEUED':
    case 'RUNNING':
    case 'CANCELLING':
    case 'UNKNOWN':
      return false
  }
}

/** Whether a cancel is likely to succeed. It may still be sent when this is false. */
export function isCancellable(state: JobState): boolean {
  switch (state.status) {
    case 'QUEUED':
    case 'RUNNING':
      return true
    case 'DRAFT':
    case 'CANCELLING':
    case 'COMPLETED':
    case 'FAILED':
    case 'CANCELLED':
    case 'SKIPPED':
    case 'UNKNOWN':
      return false
  }
}

/** How a job ends when nobody cancels it. */
export type Ending = 'COMPLETED' | 'FAILED' | 'SKIPPED'

/** The whole life of a job, fixed when it is made; times in epoch ms. There are no timers: see {@link progressOf}. */
export interface Plan {
  readonly createdAt: number
  /** {@link NEVER} for a draft: nobody has asked for it to run. */
  readonly queuedMs: number
  readonly runMs: number
  readonly ending: Ending
  readonly cancelledAt?: number | undefined
}

/** What a job is doing; each noun's own status words are made of these. */
export type Phase = 'IDLE' | 'WAITING' | 'RUNNING' | 'CANCELLED' | Ending

/** How far a job is at one moment. */
export interface Progress {
  readonly phase: Phase
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly updatedAt: number
}

/** The `queuedMs` of a job that does not start by itself. */
export const NEVER = Infinity

/** Takes a plan and a moment; gives how far the job is then, and nothing but these two decides it. */
export function progressOf(plan: Plan, now: number): Progress {
  const { createdAt, queuedMs, ending, cancelledAt } = plan
  const startsAt = createdAt + queuedMs
  const endsAt = naturalEnd(plan)
  if (queuedMs === NEVER) return { phase: 'IDLE', startedAt: null, endedAt: null, updatedAt: createdAt }
  if (cancelledAt !== undefined && cancelledAt <= now && cancelledAt < endsAt) {
    const startedAt = startsAt <= cancelledAt ? startsAt : null
    return { phase: 'CANCELLED', startedAt, endedAt: cancelledAt, updatedAt: cancelledAt }
  }
  if (now < startsAt) return { phase: 'WAITING', startedAt: null, endedAt: null, updatedAt: createdAt }
  if (now < endsAt) return { phase: 'RUNNING', startedAt: startsAt, endedAt: null, updatedAt: startsAt }
  return { phase: ending, startedAt: ending === 'SKIPPED' ? null : startsAt, endedAt: endsAt, updatedAt: endsAt }
}

/** Takes a plan and a moment; gives whether the job has been made by then. One cancelled before its time never is. */
export function exists({ createdAt, cancelledAt = NEVER }: Plan, now: number): boolean {
  return createdAt <= now && createdAt <= cancelledAt
}

/** Takes a plan; gives when the job ends if it is not cancelled. */
export function naturalEnd({ createdAt, queuedMs, runMs }: Plan): number {
  return createdAt + queuedMs + runMs
}

/** Takes a job's progress; gives whether there is anything to cancel. */
export function isActive({ phase }: Progress): boolean {
  return phase === 'WAITING' || phase === 'RUNNING'
}

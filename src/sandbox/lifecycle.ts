/** A status and how long it lasts, in ms. */
export type Stage<Status> = readonly [status: Status, ms: number]

/** The life of one job, fixed when the job is created. Times are epoch ms. */
export interface Lifecycle<Status> {
  readonly createdAt: number
  /** In order. The last one lasts for ever; one of 0 ms never shows. */
  readonly stages: readonly [Stage<Status>, ...Stage<Status>[]]
  /** Null or absent: nobody cancels the job. A cancel after the job has ended changes nothing. */
  readonly cancel?: {
    readonly at: number
    /** The stages that follow, given the status at the time of the cancel. */
    stagesAfter(status: Status): readonly Stage<Status>[]
  } | null
}

/** How far a job is at one moment. */
export interface Progress<Status> {
  readonly status: Status
  /** When the job got this status. */
  readonly since: number
  /** How often the status has changed. */
  readonly changes: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** How long the job has been RUNNING, in ms. */
  readonly workedMs: number
}

interface Transition<Status> {
  readonly at: number
  readonly status: Status
}

const TERMINAL: ReadonlySet<string> = new Set([
  'COMPLETED',
  'SUCCEEDED',
  'FAILED',
  'SKIPPED',
  'CANCELLED',
  'REPROCESSED',
])

/** Returns the progress of a job at `now`. There are no timers: the lifecycle and the clock decide everything. */
export function progressAt<Status extends string>(lifecycle: Lifecycle<Status>, now: number): Progress<Status> {
  const { createdAt, stages } = lifecycle
  const past = transitionsOf(lifecycle).filter(({ at }) => at <= now)
  const current = past.at(-1) ?? { at: createdAt, status: stages[0][0] }
  const running = past.findIndex(({ status }) => status === 'RUNNING')
  const startedAt = past[running]?.at ?? null
  return {
    status: current.status,
    since: current.at,
    changes: Math.max(0, past.length - 1),
    startedAt,
    endedAt: TERMINAL.has(current.status) ? current.at : null,
    workedMs: startedAt === null ? 0 : (past[running + 1]?.at ?? now) - startedAt,
  }
}

function transitionsOf<Status extends string>({ createdAt, stages, cancel }: Lifecycle<Status>): Transition<Status>[] {
  const planned = follow(createdAt, stages)
  if (!cancel) return planned
  const before = planned.filter(({ at }) => at <= cancel.at)
  const status = before.at(-1)?.status ?? stages[0][0]
  return TERMINAL.has(status) ? planned : [...before, ...follow(cancel.at, cancel.stagesAfter(status))]
}

function follow<Status>(start: number, stages: readonly Stage<Status>[]): Transition<Status>[] {
  let at = start
  return stages.flatMap(([status, ms]) => {
    const transition = { at, status }
    at += ms
    return ms > 0 ? [transition] : []
  })
}

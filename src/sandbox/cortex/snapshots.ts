import type { WireRecordRule, WireVerdict } from '../../vendors/cortex/wire.js'
import { existsAt, NEVER, plannedEnd, progressOf, type JobProgress } from './plan.js'
import type { RecordSeed, RuleSeed } from './records.js'
import type { RunSeed } from './runs.js'

/** When records and runs were cancelled through the API, by id. */
export type Cancellations = ReadonlyMap<string, number>

/** A run at one moment. */
export interface RunSnapshot {
  readonly seed: RunSeed
  readonly progress: JobProgress
  readonly at: number
}

/** A rule of a record at one moment. */
export interface RuleSnapshot {
  readonly seed: RuleSeed
  readonly status: WireRecordRule['status']
  readonly error: string | null
  /** Null before the run is created, and for ever when the input was rejected. */
  readonly run: RunSnapshot | null
  /** Null until something has happened. */
  readonly updatedAt: number | null
}

/** A record at one moment. */
export interface RecordSnapshot {
  readonly seed: RecordSeed
  readonly progress: JobProgress
  readonly rules: readonly RuleSnapshot[]
}

const RULE_STATUS = {
  PASS: 'PASSED',
  FAIL: 'FAILED',
  WARN: 'WARN',
} as const satisfies Record<WireVerdict, WireRecordRule['status']>

/** Returns the run at the moment `at`, or null when it has not been created by then. */
export function runSnapshot(seed: RunSeed, cancellations: Cancellations, at: number): RunSnapshot | null {
  // That cancelling a record cancels the runs of its rules is a guess: the vendor does not say.
  const cancels = [seed.plan.cancelledAt, cancellations.get(seed.id), cancellations.get(seed.record?.recordId ?? '')]
  const earliest = Math.min(...cancels.map((time) => time ?? NEVER))
  const plan = { ...seed.plan, cancelledAt: earliest === NEVER ? undefined : earliest }
  return existsAt(plan, at) ? { seed, progress: progressOf(plan, at), at } : null
}

/** Returns the record at the moment `at`. */
export function recordSnapshot(seed: RecordSeed, cancellations: Cancellations, at: number): RecordSnapshot {
  const cancelledAt = cancellations.get(seed.id) ?? seed.plan.cancelledAt
  const progress = progressOf({ ...seed.plan, runMs: runMsOf(seed, cancellations), cancelledAt }, at)
  const isCancelled = progress.status === 'CANCELLED'
  const rules = seed.rules.map((rule) => ruleSnapshot(rule, runSnapshot(rule.run, cancellations, at), isCancelled))
  return { seed, progress, rules }
}

/** A record ends with its last rule, and a rule ends early when its own run is cancelled. */
function runMsOf({ plan, rules }: RecordSeed, cancellations: Cancellations): number {
  if (plan.queuedMs === NEVER) return plan.runMs
  const ends = rules.map(({ run }) => Math.min(plannedEnd(run.plan), cancellations.get(run.id) ?? NEVER))
  return Math.max(...ends) - (plan.createdAt + plan.queuedMs)
}

function ruleSnapshot(seed: RuleSeed, run: RunSnapshot | null, isRecordCancelled: boolean): RuleSnapshot {
  const common = { seed, error: null, run: seed.error ? null : run, updatedAt: run?.progress.since ?? null }
  const failed = RULE_STATUS[seed.definition.on_fail]
  switch (run?.progress.status) {
    case undefined:
    case 'DRAFT':
      return { ...common, status: 'DRAFT' }
    case 'QUEUED':
    case 'RUNNING':
      return { ...common, status: 'RUNNING' }
    case 'COMPLETED':
    case 'SKIPPED':
      return { ...common, status: RULE_STATUS[seed.definition.on_success] }
    case 'FAILED':
      return seed.error
        ? { ...common, status: 'FAILED', error: seed.error.message }
        : { ...common, status: failed, error: seed.run.workflow.failure.message }
    case 'CANCELLED':
      // Rules have no cancelled status. Two guesses: the unfinished rules of a cancelled record are drafts again, and
      // a rule fails when only its own run is cancelled.
      return isRecordCancelled
        ? { ...common, status: 'DRAFT' }
        : { ...common, status: failed, error: 'The run was cancelled' }
  }
}

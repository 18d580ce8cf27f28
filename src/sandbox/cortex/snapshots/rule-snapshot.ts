import type { WireRecordRule, WireVerdict } from '../../../vendors/cortex/wire.js'
import type { Progress } from '../plan.js'
import type { RuleSeed } from '../seeds/record-seed.js'
import { runSnapshot, type Cancellations, type RunSnapshot } from './run-snapshot.js'

type RuleStatus = WireRecordRule['status']

/** One rule of a record at one moment. */
export interface RuleSnapshot {
  readonly seed: RuleSeed
  readonly status: RuleStatus
  readonly error: string | null
  /** Null before it was made, and for ever where the input was refused. */
  readonly run: RunSnapshot | null
  /** Null as long as nothing has happened. */
  readonly updatedAt: number | null
}

const VERDICTS = { PASS: 'PASSED', FAIL: 'FAILED', WARN: 'WARN' } as const satisfies Record<WireVerdict, RuleStatus>

/** Takes a rule, the progress of its record, the cancellations so far and a moment; gives the rule as it is then. */
export function ruleSnapshot(seed: RuleSeed, record: Progress, cancellations: Cancellations, at: number): RuleSnapshot {
  const { definition, complaint } = seed
  const turn = runSnapshot(seed.run, cancellations, at)
  const run = complaint ? null : turn
  const updatedAt = turn?.progress.updatedAt ?? null
  switch (turn?.progress.phase) {
    case undefined:
    case 'IDLE':
      return { seed, status: 'DRAFT', error: null, run, updatedAt }
    case 'WAITING':
    case 'RUNNING':
      return { seed, status: 'RUNNING', error: null, run, updatedAt }
    case 'COMPLETED':
    case 'SKIPPED':
      return { seed, status: VERDICTS[definition.on_success], error: null, run, updatedAt }
    case 'FAILED':
      return complaint
        ? { seed, status: 'FAILED', error: complaint.message, run, updatedAt }
        : { seed, status: VERDICTS[definition.on_fail], error: seed.run.workflow.failure.message, run, updatedAt }
    case 'CANCELLED':
      // A rule has no word for cancelled. Two guesses: what a cancelled record had not finished is a draft again, and
      // a rule whose run alone was cancelled has failed.
      return record.phase === 'CANCELLED'
        ? { seed, status: 'DRAFT', error: null, run, updatedAt }
        : { seed, status: VERDICTS[definition.on_fail], error: 'The run was cancelled', run, updatedAt }
  }
}

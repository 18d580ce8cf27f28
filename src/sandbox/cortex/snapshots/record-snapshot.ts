import { naturalEnd, NEVER, progressOf, type Plan, type Progress } from '../plan.js'
import type { RecordSeed } from '../seeds/record-seed.js'
import { ruleSnapshot, type RuleSnapshot } from './rule-snapshot.js'
import type { Cancellations } from './run-snapshot.js'

/** A record at one moment. */
export interface RecordSnapshot {
  readonly seed: RecordSeed
  readonly progress: Progress
  readonly rules: readonly RuleSnapshot[]
}

/** Takes a record, the cancellations so far and a moment; gives the record as it is then. */
export function recordSnapshot(seed: RecordSeed, cancellations: Cancellations, at: number): RecordSnapshot {
  const cancelledAt = cancellations.get(seed.id) ?? seed.plan.cancelledAt
  const progress = progressOf({ ...seed.plan, runMs: runMsOf(seed, cancellations), cancelledAt }, at)
  const rules = seed.rules.map((rule) => ruleSnapshot(rule, progress, cancellations, at))
  return { seed, progress, rules }
}

/** A record is done when its last rule is, and a rule is done earlier when its own run is cancelled. */
function runMsOf({ plan, rules }: RecordSeed, cancellations: Cancellations): number {
  if (plan.queuedMs === NEVER) return plan.runMs
  const ends = rules.map(({ run }) => Math.min(naturalEnd(run.plan), cancellations.get(run.id) ?? NEVER))
  return Math.max(...ends) - startOf(plan)
}

function startOf({ createdAt, queuedMs }: Plan): number {
  return createdAt + queuedMs
}

import type { WireRecordRule } from '../../../vendors/cortex/wire.js'
import type { RecordSnapshot } from '../snapshots/record-snapshot.js'
import type { RuleSnapshot } from '../snapshots/rule-snapshot.js'
import { inputOf } from '../subjects/subject.js'
import { resultOf } from '../workflows/workflow-definition.js'
import { wireRun } from './run.js'
import { timestamp } from './timestamp.js'

/**
 * Takes a rule and its record; gives the rule as the record's `rules` hold it. Without `verbose` its run is null: a
 * guess, the vendor says only that `verbose` adds properties.
 */
export function wireRule(rule: RuleSnapshot, record: RecordSnapshot, verbose: boolean): WireRecordRule {
  const { seed, status, error, run, updatedAt } = rule
  const { subject, workflow } = seed.run
  const createdAt = record.seed.plan.createdAt
  return {
    key: seed.definition.key,
    status,
    ...(run?.progress.phase === 'COMPLETED' && { result: resultOf(workflow, subject) }),
    ...(error !== null && { error }),
    input: record.progress.phase === 'IDLE' ? null : inputOf(subject),
    run: run && verbose ? wireRun(run, { full: true }) : null,
    created_at: timestamp(createdAt),
    updated_at: timestamp(updatedAt ?? createdAt),
  }
}

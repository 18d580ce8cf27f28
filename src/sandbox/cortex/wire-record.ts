import type {
  WireRecord,
  WireRecordRule,
  WireRecordStatus,
  WireRecordStatusResponse,
} from '../../vendors/cortex/wire.js'
import { isoTime } from '../time.js'
import type { JobStatus } from './plan.js'
import type { RecordSeed } from './records.js'
import type { RecordSnapshot, RuleSnapshot } from './snapshots.js'
import { resultOf, stepOutputs } from './step-outputs.js'
import { recordUsage, runUsage } from './usage.js'
import { linkTo } from './wire-catalog.js'
import { wireRun } from './wire-run.js'

/** The vendor's status of a record. Runs can be skipped, records cannot. */
export function wireRecordStatus(status: JobStatus): WireRecordStatus {
  return status === 'SKIPPED' ? 'COMPLETED' : status
}

/** Returns a record as the list sends it. With `verbose` its rules hold their runs. */
export function wireRecord(record: RecordSnapshot, verbose: boolean): WireRecord {
  const { seed, progress } = record
  const { collection, plan } = seed
  const rules = record.rules.map((rule) => wireRule(rule, record, verbose))
  const count = (status: WireRecordRule['status']) => rules.filter((rule) => rule.status === status).length
  return {
    id: seed.id,
    name: seed.name,
    status: wireRecordStatus(progress.status),
    source: seed.source,
    ...(progress.startedAt !== null && { usage: usageOf(record) }),
    rules_count: rules.length,
    rules_pass_count: count('PASSED'),
    rules_fail_count: count('FAILED'),
    rules_warn_count: count('WARN'),
    rules: Object.fromEntries(rules.map((rule) => [rule.key, rule])),
    config: collection.config,
    collection_name: collection.name,
    collection_id: collection.id,
    created_by: seed.createdBy,
    entity: wireEntity(seed),
    tags: [...seed.tags],
    created_at: isoTime(plan.createdAt),
    updated_at: isoTime(progress.since),
    link: linkTo('collections', collection.id, 'records', seed.id),
  }
}

/** Returns the entity of an external system that a record stands for, or null when no trigger created the record. */
export function wireEntity({ id, source, collection, subject, plan }: RecordSeed): WireRecord['entity'] {
  const { trigger } = collection
  if (source !== 'TRIGGER' || trigger === null) return null
  return {
    id: id.replace('rec_', 'ent_'),
    entity_id: `loan-${subject.input.facts.loan_number}`,
    status: 'SYNCED',
    type: trigger.type,
    trigger_id: trigger.id,
    record_id: id,
    created_at: isoTime(plan.createdAt),
    updated_at: isoTime(plan.createdAt),
  }
}

/** Returns the body of the status endpoint. `errors` is absent unless the input of a rule was rejected. */
export function wireStatusReport({ seed, progress }: RecordSnapshot): WireRecordStatusResponse {
  const errors = seed.rules.flatMap(({ error }) => error ?? [])
  const status = wireRecordStatus(progress.status)
  return { status, ...(status === 'FAILED' && errors.length > 0 && { errors }) }
}

/** Without `verbose` the run is null: a guess, the vendor says only that `verbose` adds properties. */
function wireRule(rule: RuleSnapshot, record: RecordSnapshot, verbose: boolean): WireRecordRule {
  const { seed, status, error, run, updatedAt } = rule
  const { subject, workflow } = seed.run
  const { createdAt } = record.seed.plan
  return {
    key: seed.definition.key,
    status,
    ...(run?.progress.status === 'COMPLETED' && { result: resultOf(workflow, subject) }),
    ...(error !== null && { error }),
    input: record.progress.status === 'DRAFT' ? null : subject.input,
    run: run && verbose ? wireRun(run, true) : null,
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt ?? createdAt),
  }
}

function usageOf({ rules }: RecordSnapshot) {
  const usages = rules.flatMap(({ seed, run }) => {
    return run ? [[seed.definition.key, runUsage(stepOutputs(run))] as const] : []
  })
  return recordUsage(Object.fromEntries(usages))
}

import type { WireRecord, WireRecordRule, WireRecordStatus } from '../../../vendors/cortex/wire.js'
import type { Phase } from '../plan.js'
import type { RecordSnapshot } from '../snapshots/record-snapshot.js'
import { wireEntity } from './entity.js'
import { linkTo } from './link.js'
import { wireRule } from './rule.js'
import { stepOutputs } from './step-outputs.js'
import { timestamp } from './timestamp.js'
import { recordUsage, runUsage } from './usage.js'

/** The vendor's word for each phase of a record. */
export const RECORD_STATUS = {
  IDLE: 'DRAFT',
  WAITING: 'QUEUED',
  RUNNING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  // Runs are skipped, records are not.
  SKIPPED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
} as const satisfies Record<Phase, WireRecordStatus>

/** Takes a record; gives it as the list writes it. With `verbose` its rules hold their runs. */
export function wireRecord(record: RecordSnapshot, verbose: boolean): WireRecord {
  const { seed, progress } = record
  const { collection, plan } = seed
  const rules = record.rules.map((rule) => wireRule(rule, record, verbose))
  return {
    id: seed.id,
    name: seed.name,
    status: RECORD_STATUS[progress.phase],
    source: seed.source,
    ...(progress.startedAt !== null && { usage: usageOf(record) }),
    rules_count: rules.length,
    rules_pass_count: countOf(rules, 'PASSED'),
    rules_fail_count: countOf(rules, 'FAILED'),
    rules_warn_count: countOf(rules, 'WARN'),
    rules: Object.fromEntries(rules.map((rule) => [rule.key, rule])),
    config: collection.config,
    collection_name: collection.name,
    collection_id: collection.id,
    created_by: seed.createdBy,
    entity: limitedEntity(record),
    tags: [...seed.tags],
    created_at: timestamp(plan.createdAt),
    updated_at: timestamp(progress.updatedAt),
    link: linkTo('collections', collection.id, 'records', seed.id),
  }
}

function usageOf({ rules }: RecordSnapshot) {
  const used = rules.flatMap(({ seed, run }) => (run ? [{ key: seed.definition.key, run }] : []))
  return recordUsage(Object.fromEntries(used.map(({ key, run }) => [key, runUsage(stepOutputs(run))])))
}

function countOf(rules: readonly WireRecordRule[], status: WireRecordRule['status']): number {
  return rules.filter((rule) => rule.status === status).length
}

/** Lists leave out what the outside system knows. */
function limitedEntity({ seed }: RecordSnapshot): WireRecord['entity'] {
  const entity = wireEntity(seed)
  if (entity === null) return null
  const { data: _, ...limited } = entity
  return limited
}

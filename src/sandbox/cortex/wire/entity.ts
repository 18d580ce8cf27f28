import type { WireEntity } from '../../../vendors/cortex/wire.js'
import type { RecordSeed } from '../seeds/record-seed.js'
import { timestamp } from './timestamp.js'

/** What the single get adds. */
export interface WireFullEntity extends WireEntity {
  readonly data: Readonly<Record<string, unknown>>
}

/** Takes a record; gives what it stands for in the outside system, or null when no trigger made it. */
export function wireEntity({ id, source, collection, subject, plan }: RecordSeed): WireFullEntity | null {
  const { trigger } = collection
  if (source !== 'TRIGGER' || trigger === null) return null
  return {
    id: id.replace('rec_', 'ent_'),
    entity_id: `loan-${subject.facts.loan_number}`,
    status: 'SYNCED',
    type: trigger.type,
    trigger_id: trigger.id,
    record_id: id,
    created_at: timestamp(plan.createdAt),
    updated_at: timestamp(plan.createdAt),
    data: subject.facts,
  }
}

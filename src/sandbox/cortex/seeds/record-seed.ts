import type { WireCollectionRule, WireRecordSource, WireTag, WireUser } from '../../../vendors/cortex/wire.js'
import type { CollectionDefinition } from '../collections/collection-definition.js'
import type { Plan } from '../plan.js'
import type { Subject } from '../subjects/subject.js'
import type { Complaint } from './complaint.js'
import type { RunSeed } from './run-seed.js'

/** All that is fixed about a record. */
export interface RecordSeed {
  readonly id: string
  readonly name: string | null
  readonly collection: CollectionDefinition
  readonly subject: Subject
  readonly source: WireRecordSource
  /** Null for a record that a trigger made. */
  readonly createdBy: WireUser | null
  readonly tags: readonly WireTag[]
  /** When it ends is decided by its rules: see the record's snapshot. */
  readonly plan: Plan
  readonly rules: readonly RuleSeed[]
}

/** All that is fixed about one rule of one record. */
export interface RuleSeed {
  readonly definition: WireCollectionRule
  /** With a complaint it is never made, and only says when the rule's turn was. */
  readonly run: RunSeed
  readonly complaint: Complaint | null
}

import type { WireRunOrigin } from '../../../vendors/cortex/wire.js'
import type { Plan } from '../plan.js'
import type { Subject } from '../subjects/subject.js'
import type { WorkflowDefinition } from '../workflows/workflow-definition.js'

/** All that is fixed about a run. */
export interface RunSeed {
  readonly id: string
  readonly workflow: WorkflowDefinition
  readonly origin: WireRunOrigin
  readonly subject: Subject
  readonly plan: Plan
  /** The record whose rule it executes; null for one that was started by itself. */
  readonly owner: { readonly collectionId: string; readonly recordId: string } | null
}

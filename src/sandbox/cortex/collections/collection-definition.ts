import type {
  WireCollectionConfig,
  WireCollectionRule,
  WireRecordSource,
  WireTag,
  WireVerdict,
} from '../../../vendors/cortex/wire.js'
import { APP_ID } from '../app.js'
import type { Random } from '../../random.js'
import type { Subject } from '../subjects/subject.js'
import { versionIdOf, type WorkflowDefinition } from '../workflows/workflow-definition.js'

/** A collection of the sandbox, and how its records are made up. */
export interface CollectionDefinition {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly config: WireCollectionConfig
  readonly tags: readonly [WireTag, ...WireTag[]]
  readonly trigger: CollectionTrigger | null
  /** Its records come from these in turn. */
  readonly sources: readonly [WireRecordSource, ...WireRecordSource[]]
  /** Of the first record; the others count on. */
  readonly firstNumber: number
  subject(random: Random, number: number): Subject
}

/** What makes records by itself when something happens in an outside system. */
export interface CollectionTrigger {
  readonly id: string
  readonly type: 'ENCOMPASS' | 'PERSONA'
  readonly name: string
}

interface RuleOptions {
  readonly key: string
  readonly name: string
  readonly onFail: WireVerdict
  readonly workflow: WorkflowDefinition
  readonly first?: boolean
  readonly disabled?: boolean
}

/** Takes what is particular to a rule; gives it as a collection's configuration lists it. */
export function rule({ key, name, onFail, workflow, first, disabled }: RuleOptions): WireCollectionRule {
  return {
    name,
    key,
    // The only value that is known; other rules have no such field.
    ...(first && { execution_order: 'before-all' }),
    on_success: 'PASS',
    on_fail: onFail,
    workflow_id: workflow.id,
    workflow_version_id: versionIdOf(workflow),
    workflow_use_latest: !disabled,
    workflow_input_default: null,
    ...(disabled && { disabled }),
  }
}

/** Takes a tag's id, name and colour; gives the tag. Some tags have no colour, and older ones lack even the field. */
export function tag(id: string, name: string, color?: string | null): WireTag {
  const dates = { created_at: '2024-11-05', updated_at: '2025-02-17' }
  return { id, name, ...(color !== undefined && { color }), app_id: APP_ID, ...dates }
}

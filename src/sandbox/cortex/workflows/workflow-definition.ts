import type { Subject } from '../subjects/subject.js'
import type { WireRun, WireStep, WireWorkflowDraft, WireWorkflowVersion } from '../../../vendors/cortex/wire.js'
import { USERS } from '../app.js'

/** A workflow of the sandbox and what its steps answer. */
export interface WorkflowDefinition {
  readonly id: string
  /** The owner. */
  readonly appId: string
  readonly name: string
  readonly description: string
  /** Of the deployed version. */
  readonly version: number
  readonly deployedOn: string
  readonly notes: string | null
  readonly retention: NonNullable<WireRun['retention']> | null
  readonly blueprint: WireWorkflowDraft
  /** By step key, in order of execution, for a run that goes well. A step that is left out was skipped. */
  outputs(subject: Subject): Readonly<Record<string, unknown>>
  /** Where and why its failing runs fail. */
  readonly failure: { readonly step: string; readonly message: string }
}

/** Takes a workflow; gives the id of its deployed version. */
export function versionIdOf({ id, version }: Pick<WorkflowDefinition, 'id' | 'version'>): string {
  return `${id.replace('work_', 'workv_')}_${version}`
}

/** Takes a workflow; gives its deployed version as runs and rules repeat it. */
export function versionOf(workflow: WorkflowDefinition): WireWorkflowVersion {
  return {
    id: versionIdOf(workflow),
    app_id: workflow.appId,
    workflow_id: workflow.id,
    description: workflow.description,
    version: workflow.version,
    notes: workflow.notes,
    created_by: USERS[0],
    created_at: workflow.deployedOn,
    ...workflow.blueprint,
  }
}

/** Takes a workflow; gives the steps that can be executed: all but the notes of its author. */
export function executableSteps({ blueprint }: WorkflowDefinition): readonly WireStep[] {
  return blueprint.steps.filter(({ type }) => type !== 'note')
}

/**
 * Takes a workflow and its subject; gives the result of a run that goes well, by the vendor's rule: the `result` that
 * the last code step returned, or all that the last one returned when it has none.
 */
export function resultOf(workflow: WorkflowDefinition, subject: Subject): unknown {
  const outputs = workflow.outputs(subject)
  const executed = executableSteps(workflow).filter(({ key }) => key in outputs)
  const last = executed.findLast(({ type }) => type === 'code') ?? executed.at(-1)
  const output = last && outputs[last.key]
  return typeof output === 'object' && output !== null && 'result' in output ? output.result : output
}

import type { WireRun, WireWorkflowDraft, WireWorkflowVersion } from '../../../vendors/cortex/wire.js'
import { wireApp, type WireApp } from '../app.js'
import { versionOf, type WorkflowDefinition } from '../workflows/workflow-definition.js'

/** A workflow as its lists and its single get answer it; the draft stands at the top level. */
export interface WireWorkflow extends WireWorkflowDraft {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly app: WireApp
  readonly version: WireWorkflowVersion | null
  readonly tags: readonly never[]
  readonly tests_stats: null
  readonly template_id: string | null
  readonly runs_count: number
  readonly retention: WireRun['retention']
  readonly enabled: boolean
  readonly deleted: boolean
  readonly input_options: null
  readonly created_at: string
  readonly updated_at: string
}

/** Takes a workflow and how many runs it has; gives it as the vendor writes it. */
export function wireWorkflow(workflow: WorkflowDefinition, runsCount: number): WireWorkflow {
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    app: wireApp(workflow.appId),
    version: versionOf(workflow),
    tags: [],
    tests_stats: null,
    template_id: null,
    runs_count: runsCount,
    retention: workflow.retention,
    enabled: true,
    deleted: false,
    input_options: null,
    created_at: '2024-11-05',
    updated_at: workflow.deployedOn,
    ...workflow.blueprint,
  }
}

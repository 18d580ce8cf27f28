import type { WireCollectionConfig, WireWorkflowVersion } from '../../vendors/cortex/wire.js'
import { OWN_APP, USERS } from './data/app.js'
import type { CollectionDefinition } from './data/collections.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import { workflowById } from './data/workflows.js'

/** Returns a workflow as its lists and its single read send it. Its draft is at the top level. */
export function wireWorkflow(workflow: WorkflowDefinition, runsCount: number) {
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    app: workflow.app,
    version: wireVersion(workflow),
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

/** Returns the deployed version of a workflow, as runs and rules repeat it. */
export function wireVersion(workflow: WorkflowDefinition): WireWorkflowVersion {
  return {
    id: workflow.versionId,
    app_id: workflow.app.id,
    workflow_id: workflow.id,
    description: workflow.description,
    version: workflow.version,
    notes: workflow.notes,
    created_by: USERS[0],
    created_at: workflow.deployedOn,
    ...workflow.blueprint,
  }
}

/** Returns a collection as its list sends it. */
export function wireCollection(collection: CollectionDefinition, recordsCount: number) {
  const { id, name, description, config, tags, trigger } = collection
  const dates = { created_at: config.created_at, updated_at: config.updated_at }
  return {
    id,
    name,
    description,
    app: OWN_APP,
    config,
    tags,
    records_count: recordsCount,
    deleted: false,
    triggers: trigger
      ? [
          {
            ...trigger,
            config: { type: trigger.type },
            enabled: true,
            connection_id: null,
            collection_id: id,
            ...dates,
          },
        ]
      : [],
    ...dates,
    link: linkTo('collections', id),
  }
}

/** Returns a configuration as single reads send it: the rules repeat their workflows in full. */
export function wireFullConfig(
  config: WireCollectionConfig,
  countRuns: (workflowId: string) => number,
): WireCollectionConfig {
  const rules = config.rules.map((rule) => {
    const workflow = workflowById(rule.workflow_id)
    return {
      ...rule,
      workflow: wireWorkflow(workflow, countRuns(workflow.id)),
      workflow_version: wireVersion(workflow),
    }
  })
  return { ...config, rules }
}

/** Returns a link into a user interface that does not exist: `.invalid` never resolves. */
export function linkTo(...segments: readonly string[]): string {
  return ['https://cortex.invalid/apps', OWN_APP.id, ...segments].join('/')
}

import type { WireCollectionConfig } from '../../../vendors/cortex/wire.js'
import { workflowById } from '../workflows/index.js'
import { versionOf } from '../workflows/workflow-definition.js'
import { wireWorkflow } from './workflow.js'

type Count = (workflowId: string) => number

/**
 * Takes a configuration and what counts the runs of a workflow; gives the form of the single gets, in which the rules
 * repeat their workflows in full.
 */
export function extendedConfig(config: WireCollectionConfig, runsCount: Count): WireCollectionConfig {
  const rules = config.rules.map((rule) => {
    const workflow = workflowById(rule.workflow_id)
    return { ...rule, workflow: wireWorkflow(workflow, runsCount(workflow.id)), workflow_version: versionOf(workflow) }
  })
  return { ...config, rules }
}

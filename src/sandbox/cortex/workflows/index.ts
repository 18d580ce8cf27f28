import { classify } from './classify.js'
import { extract } from './extract.js'
import { sharedOcr } from './shared-ocr.js'
import { verify } from './verify.js'
import type { WorkflowDefinition } from './workflow-definition.js'

/** The app's own workflows. */
export const WORKFLOWS: readonly WorkflowDefinition[] = [classify, extract, verify]

/** The workflows that other apps share. */
export const DISCOVERABLE_WORKFLOWS: readonly WorkflowDefinition[] = [sharedOcr]

/** Takes the id of a workflow of the sandbox's own data; gives the workflow. */
export function workflowById(id: string): WorkflowDefinition {
  const workflow = [...WORKFLOWS, ...DISCOVERABLE_WORKFLOWS].find((candidate) => candidate.id === id)
  if (!workflow) throw new Error(`The sandbox has no workflow ${id}.`)
  return workflow
}

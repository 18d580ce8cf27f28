import type { LoopbackHandler } from '../../loopback-server.js'
import { wireWorkflow } from '../wire/workflow.js'
import { DISCOVERABLE_WORKFLOWS, WORKFLOWS } from '../workflows/index.js'
import type { WorkflowDefinition } from '../workflows/workflow-definition.js'
import type { World } from '../world.js'
import { createQueryReader } from './query-reader.js'
import { listReply, notFound, ok } from './replies.js'

/** Takes the world; gives the routes of workflows. */
export function workflowRoutes(world: World): Record<string, LoopbackHandler> {
  const write = (workflow: WorkflowDefinition) => wireWorkflow(workflow, world.runs(workflow.id).length)

  function list(workflows: readonly WorkflowDefinition[]): LoopbackHandler {
    return ({ query }) => {
      const reader = createQueryReader(query)
      const page = reader.page()
      // No workflow of the sandbox has a tag.
      const rows = query.has('tags') ? [] : workflows.filter(({ name }) => reader.matches(name))
      return reader.refusal() ?? listReply(rows, page, write)
    }
  }

  return {
    'GET /apps/:app/workflows': list(WORKFLOWS),
    'GET /apps/:app/workflows/discover': list(DISCOVERABLE_WORKFLOWS),
    'GET /apps/:app/workflows/:workflow'({ params }) {
      const workflow = WORKFLOWS.find(({ id }) => id === params.workflow)
      return workflow ? ok(write(workflow)) : notFound('Workflow')
    },
  }
}

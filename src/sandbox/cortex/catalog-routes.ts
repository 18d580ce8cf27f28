import type { LoopbackHandler } from '../loopback-server.js'
import { COLLECTIONS, type CollectionDefinition } from './data/collections.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import { DISCOVERABLE_WORKFLOWS, WORKFLOWS } from './data/workflows.js'
import type { JobStore } from './job-store.js'
import { respondWithList } from './list-response.js'
import { notFound, ok } from './responses.js'
import { wireCollection, wireFullConfig, wireWorkflow } from './wire-catalog.js'

/** The routes of collections and workflows. */
export function catalogRoutes(store: JobStore): Record<string, LoopbackHandler> {
  const countRecords = (collectionId: string) => store.records(collectionId).length
  const countRuns = (workflowId: string) => store.runs(workflowId).length
  const toWire = (workflow: WorkflowDefinition) => wireWorkflow(workflow, countRuns(workflow.id))

  function listWorkflows(workflows: readonly WorkflowDefinition[]): LoopbackHandler {
    // No workflow of the sandbox has tags.
    return ({ query }) =>
      respondWithList(
        query,
        ({ matchesSearch }) => workflows.filter(({ name }) => matchesSearch(name) && !query.has('tags')),
        toWire,
      )
  }

  return {
    'GET /apps/:app/collections'({ query }) {
      const tagIds = query.getAll('tags')
      const hasTag = ({ tags }: CollectionDefinition) =>
        tagIds.length === 0 || tags.some(({ id }) => tagIds.includes(id))
      return respondWithList(
        query,
        ({ matchesSearch }) => COLLECTIONS.filter((row) => matchesSearch(row.name) && hasTag(row)),
        (row) => wireCollection(row, countRecords(row.id)),
      )
    },
    'GET /apps/:app/collections/:collection'({ params }) {
      const collection = COLLECTIONS.find(({ id }) => id === params.collection)
      if (!collection) return notFound('Collection')
      const config = wireFullConfig(collection.config, countRuns)
      return ok({ ...wireCollection(collection, countRecords(collection.id)), config })
    },
    'GET /apps/:app/workflows': listWorkflows(WORKFLOWS),
    'GET /apps/:app/workflows/discover': listWorkflows(DISCOVERABLE_WORKFLOWS),
    'GET /apps/:app/workflows/:workflow'({ params }) {
      const workflow = WORKFLOWS.find(({ id }) => id === params.workflow)
      return workflow ? ok(toWire(workflow)) : notFound('Workflow')
    },
  }
}

import type { WireRunOrigin, WireRunStatus } from '../../vendors/cortex/wire.js'
import type { LoopbackHandler, LoopbackResponse } from '../loopback-server.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import { DISCOVERABLE_WORKFLOWS, WORKFLOWS } from './data/workflows.js'
import type { JobStore } from './job-store.js'
import { isCancellable } from './plan.js'
import { isVerbose, respondWithList, type QueryReader } from './list-response.js'
import { badRequest, notFound, ok } from './responses.js'
import type { RunSnapshot } from './snapshots.js'
import { wireRun, wireRunStatus } from './wire-run.js'

const RUNS = '/apps/:app/workflows/:workflow/runs'
const DISCOVERABLE_RUNS = '/apps/:app/workflows/discover/:workflow/runs'
const STATUSES: readonly WireRunStatus[] = ['PENDING', 'RUNNING', 'CANCELLED', 'COMPLETED', 'SKIPPED', 'FAILED']
const ORIGINS: readonly WireRunOrigin[] = ['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK']

/**
 * The routes of runs. A run of a discoverable workflow has only a cancel, as with the vendor. That the other routes
 * send 404 for such a workflow is a guess.
 */
export function runRoutes(store: JobStore): Record<string, LoopbackHandler> {
  function withRun(
    workflows: readonly WorkflowDefinition[],
    handle: (run: RunSnapshot) => LoopbackResponse,
  ): LoopbackHandler {
    return ({ params: { workflow = '', run = '' } }) => {
      const snapshot = includesId(workflows, workflow) ? store.run(workflow, run) : null
      return snapshot ? handle(snapshot) : notFound('Run')
    }
  }

  /** As with records, the 400 and the immediate CANCELLED are guesses. */
  function cancel({ seed, progress }: RunSnapshot): LoopbackResponse {
    if (!isCancellable(progress)) return badRequest('Run is not running')
    store.cancel(seed.id)
    const cancelled = store.run(seed.workflow.id, seed.id)
    return cancelled ? ok(wireRun(cancelled, true)) : notFound('Run')
  }

  return {
    [`GET ${RUNS}`]({ params: { workflow = '' }, query }) {
      if (!includesId(WORKFLOWS, workflow)) return notFound('Workflow')
      return respondWithList(query, select, (row) => wireRun(row, isVerbose(query)))

      function select({ oneOf }: QueryReader) {
        const status = oneOf('status', STATUSES)
        const origin = oneOf('origin', ORIGINS)
        return store
          .runs(workflow)
          .filter(({ progress }) => status === null || wireRunStatus(progress.status) === status)
          .filter(({ seed }) => origin === null || seed.origin === origin)
      }
    },
    [`GET ${RUNS}/:run`]: withRun(WORKFLOWS, (run) => ok(wireRun(run, true))),
    [`POST ${RUNS}/:run/cancel`]: withRun(WORKFLOWS, cancel),
    [`POST ${DISCOVERABLE_RUNS}/:run/cancel`]: withRun(DISCOVERABLE_WORKFLOWS, cancel),
  }
}

function includesId(workflows: readonly WorkflowDefinition[], id: string): boolean {
  return workflows.some((workflow) => workflow.id === id)
}

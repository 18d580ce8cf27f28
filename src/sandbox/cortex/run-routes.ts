import type { WireRunOrigin, WireRunStatus } from '../../vendors/cortex/wire.js'
import type { LoopbackHandler, LoopbackResponse } from '../loopback-server.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import { DISCOVERABLE_WORKFLOWS, WORKFLOWS } from './data/workflows.js'
import type { JobStore } from './job-store.js'
import { isCancellable } from './plan.js'
import { createQueryReader } from './query-reader.js'
import { badRequest, notFound, ok, okPage } from './responses.js'
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
      const reader = createQueryReader(query)
      const page = reader.page()
      const status = reader.oneOf('status', STATUSES)
      const origin = reader.oneOf('origin', ORIGINS)
      const rows = store
        .runs(workflow)
        .filter(({ progress }) => status === null || wireRunStatus(progress.status) === status)
        .filter(({ seed }) => origin === null || seed.origin === origin)
      return reader.rejection() ?? okPage(rows, page, (row) => wireRun(row, reader.verbose))
    },
    [`GET ${RUNS}/:run`]: withRun(WORKFLOWS, (run) => ok(wireRun(run, true))),
    [`POST ${RUNS}/:run/cancel`]: withRun(WORKFLOWS, cancel),
    [`POST ${DISCOVERABLE_RUNS}/:run/cancel`]: withRun(DISCOVERABLE_WORKFLOWS, cancel),
  }
}

function includesId(workflows: readonly WorkflowDefinition[], id: string): boolean {
  return workflows.some((workflow) => workflow.id === id)
}

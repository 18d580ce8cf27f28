import type { LoopbackHandler } from '../../loopback-server.js'
import type { WireRunOrigin, WireRunStatus } from '../../../vendors/cortex/wire.js'
import { isActive } from '../plan.js'
import type { RunSnapshot } from '../snapshots/run-snapshot.js'
import { RUN_STATUS, wireRun } from '../wire/run.js'
import { DISCOVERABLE_WORKFLOWS, WORKFLOWS } from '../workflows/index.js'
import type { WorkflowDefinition } from '../workflows/workflow-definition.js'
import type { World } from '../world.js'
import { createQueryReader } from './query-reader.js'
import { badRequest, listReply, notFound, ok } from './replies.js'

const RUNS = '/apps/:app/workflows/:workflow/runs'
const DISCOVERABLE_RUNS = '/apps/:app/workflows/discover/:workflow/runs'
const STATUSES: readonly WireRunStatus[] = ['PENDING', 'RUNNING', 'CANCELLED', 'COMPLETED', 'SKIPPED', 'FAILED']
const ORIGINS: readonly WireRunOrigin[] = ['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK']

/**
 * Takes the world; gives the routes of runs. A discoverable run has only its cancel, as with the vendor; that its
 * workflow's id answers 404 on the other routes is a guess.
 */
export function runRoutes(world: World): Record<string, LoopbackHandler> {
  return {
    [`GET ${RUNS}`]({ params: { workflow = '' }, query }) {
      if (!isOneOf(WORKFLOWS, workflow)) return notFound('Workflow')
      const reader = createQueryReader(query)
      const page = reader.page()
      const status = reader.word('status', STATUSES)
      const origin = reader.word('origin', ORIGINS)
      const rows = world
        .runs(workflow)
        .filter(({ progress }) => status === null || RUN_STATUS[progress.phase] === status)
        .filter(({ seed }) => origin === null || seed.origin === origin)
      return reader.refusal() ?? listReply(rows, page, (row) => wireRun(row, { full: reader.verbose }))
    },
    [`GET ${RUNS}/:run`]: found(world, WORKFLOWS, (run) => ok(wireRun(run, { full: true }))),
    [`POST ${RUNS}/:run/cancel`]: found(world, WORKFLOWS, (run) => cancel(world, run)),
    [`POST ${DISCOVERABLE_RUNS}/:run/cancel`]: found(world, DISCOVERABLE_WORKFLOWS, (run) => cancel(world, run)),
  }
}

type RunHandler = (run: RunSnapshot) => ReturnType<LoopbackHandler>

function found(world: World, workflows: readonly WorkflowDefinition[], answer: RunHandler): LoopbackHandler {
  return ({ params: { workflow = '', run = '' } }) => {
    const snapshot = isOneOf(workflows, workflow) ? world.run(workflow, run) : null
    return snapshot ? answer(snapshot) : notFound('Run')
  }
}

/** As with records, a 400 for a run that is not running and a CANCELLED at once are guesses. */
function cancel(world: World, { seed, progress }: RunSnapshot): ReturnType<LoopbackHandler> {
  if (!isActive(progress)) return badRequest('Run is not running')
  world.cancel(seed.id)
  const cancelled = world.run(seed.workflow.id, seed.id)
  return cancelled ? ok(wireRun(cancelled, { full: true })) : notFound('Run')
}

function isOneOf(workflows: readonly WorkflowDefinition[], id: string): boolean {
  return workflows.some((workflow) => workflow.id === id)
}

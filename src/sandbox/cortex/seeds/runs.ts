import type { WireRunOrigin } from '../../../vendors/cortex/wire.js'
import { createRandom } from '../../random.js'
import { DAY, HOUR, kindsOf, MINUTE, planFor } from '../schedule.js'
import { invoiceSubject } from '../subjects/invoice.js'
import { loanSubject } from '../subjects/loan.js'
import { extract } from '../workflows/extract.js'
import { WORKFLOWS } from '../workflows/index.js'
import type { WorkflowDefinition } from '../workflows/workflow-definition.js'
import type { RunSeed } from './run-seed.js'

const KINDS = kindsOf({
  waiting: 2,
  waitingForHours: 1,
  running: 2,
  runningForHours: 2,
  completed: 12,
  failed: 2,
  cancelled: 2,
  skipped: 2,
})

/** All but RECORD, which is the origin of the runs inside records. */
const ORIGINS: readonly WireRunOrigin[] = ['WORKFLOW', 'ENDPOINT', 'TRIGGER', 'TEST', 'WEBHOOK', 'ENDPOINT', 'WORKFLOW']

/** Takes the moment the sandbox starts; gives the runs of the app's own workflows that belong to no record. */
export function standAloneRuns(now: number): RunSeed[] {
  return [...WORKFLOWS.flatMap((workflow) => runsOf(workflow, now)), ...documentedRuns(now)]
}

function runsOf(workflow: WorkflowDefinition, now: number): RunSeed[] {
  const random = createRandom(workflow.id)
  return KINDS.map((kind, index) => ({
    id: `run_${random.base62(22)}`,
    workflow,
    origin: ORIGINS[index % ORIGINS.length] ?? 'WORKFLOW',
    subject: random.chance(0.5) ? invoiceSubject(random, 1200 + index) : loanSubject(random, 40 + index),
    plan: planFor(kind, now, random),
    owner: null,
  }))
}

/** Those whose ids are easy to remember. */
function documentedRuns(now: number): RunSeed[] {
  const random = createRandom('documented runs')
  const common = { workflow: extract, origin: 'ENDPOINT', owner: null } as const
  return [
    {
      ...common,
      id: 'run_long_running',
      subject: loanSubject(random, 168),
      plan: { createdAt: now - 3 * HOUR, queuedMs: MINUTE, runMs: 30 * DAY, ending: 'COMPLETED' },
    },
    {
      ...common,
      id: 'run_completed',
      subject: invoiceSubject(random, 2037),
      plan: { createdAt: now - 2 * HOUR, queuedMs: 4000, runMs: 95_000, ending: 'COMPLETED' },
    },
  ]
}

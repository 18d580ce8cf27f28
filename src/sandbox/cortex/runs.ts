import type { WireRunOrigin } from '../../vendors/cortex/wire.js'
import { createRandom } from '../random.js'
import { HOUR } from '../time.js'
import { invoiceSubject, loanSubject, type Subject } from './data/subjects.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import { extract, sharedOcr, WORKFLOWS } from './data/workflows.js'
import type { Plan } from './plan.js'
import { planFor, repeatRecipes } from './recipes.js'

/** Everything about a run that does not depend on the time. */
export interface RunSeed {
  readonly id: string
  readonly workflow: WorkflowDefinition
  readonly origin: WireRunOrigin
  readonly subject: Subject
  readonly plan: Plan
  /** The record whose rule this run executes; null for a run of its own. */
  readonly record: { readonly collectionId: string; readonly recordId: string } | null
}

/** For each workflow of the app. */
const RECIPES = repeatRecipes({
  queued: 2,
  queuedForHours: 1,
  running: 2,
  runningForHours: 2,
  completed: 12,
  failed: 2,
  cancelled: 2,
  skipped: 2,
})

/** All but RECORD, the origin of runs that execute a record's rule. */
const ORIGINS: readonly WireRunOrigin[] = ['WORKFLOW', 'ENDPOINT', 'TRIGGER', 'TEST', 'WEBHOOK', 'ENDPOINT', 'WORKFLOW']

/** Returns the runs that belong to no record, for a sandbox that starts at `start`. */
export function seedRuns(start: number): RunSeed[] {
  return [
    ...WORKFLOWS.flatMap((workflow) => runsOf(workflow, start)),
    ...documentedRuns(start),
    ...discoverableRuns(start),
  ]
}

function runsOf(workflow: WorkflowDefinition, start: number): RunSeed[] {
  const random = createRandom(workflow.id)
  return RECIPES.map((recipe, index) => ({
    id: `run_${random.base62(22)}`,
    workflow,
    origin: ORIGINS[index % ORIGINS.length] ?? 'WORKFLOW',
    subject: random.chance(0.5) ? invoiceSubject(random, 1200 + index) : loanSubject(random, 40 + index),
    plan: planFor(recipe, start, random),
    record: null,
  }))
}

/** The runs with memorable ids. */
function documentedRuns(start: number): RunSeed[] {
  const random = createRandom('documented runs')
  const common = { workflow: extract, origin: 'ENDPOINT', record: null } as const
  return [
    {
      ...common,
      id: 'run_long_running',
      subject: loanSubject(random, 168),
      plan: planFor('runningForDays', start, random),
    },
    {
      ...common,
      id: 'run_completed',
      subject: invoiceSubject(random, 2037),
      plan: { createdAt: start - 2 * HOUR, queuedMs: 4000, runMs: 95_000, ending: 'COMPLETED' },
    },
  ]
}

/** The runs of the discoverable workflow. No list shows them, so all of them have memorable ids. */
function discoverableRuns(start: number): RunSeed[] {
  const random = createRandom(sharedOcr.id)
  const plans: Readonly<Record<string, Plan>> = {
    run_shared_ocr: planFor('runningForDays', start, random),
    run_shared_ocr_second: planFor('runningForHours', start, random),
    run_shared_ocr_waiting: planFor('queuedForHours', start, random),
    run_shared_ocr_short: planFor('running', start, random),
    run_shared_ocr_completed: planFor('completed', start, random),
    run_shared_ocr_cancelled: planFor('cancelled', start, random),
  }
  return Object.entries(plans).map(([id, plan], index) => ({
    id,
    workflow: sharedOcr,
    origin: 'ENDPOINT',
    subject: invoiceSubject(random, 900 + index),
    plan,
    record: null,
  }))
}

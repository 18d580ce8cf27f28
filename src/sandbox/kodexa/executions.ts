import { createRandom, type Random } from '../random.js'
import { DAY, HOUR, MINUTE, SECOND } from '../time.js'
import { seedExecution, type ExecutionSeed, type SeedOptions } from './execution-seed.js'
import type { Plan } from './plan.js'
import { RECIPES } from './recipes.js'

/** The ids that documentation and tests rely on. */
export const DOCUMENTED_IDS = {
  runningForDays: '00000000-0000-4000-8000-000000000001',
  /** Has two children. */
  succeeded: '00000000-0000-4000-8000-000000000002',
  /** Has validation errors. */
  failed: '00000000-0000-4000-8000-000000000003',
  pendingForDays: '00000000-0000-4000-8000-000000000004',
  cancelled: '00000000-0000-4000-8000-000000000005',
} as const

const OTHER_PARENTS = 3

/** Returns the executions of a sandbox that starts at `start`: always the same ones, relative to that time. */
export function seedExecutions(start: number): readonly ExecutionSeed[] {
  const random = createRandom('executions of the Kodexa sandbox')
  const documented = documentedExecutions(start).map((options) => seedExecution(random, options))
  const others = RECIPES.flatMap(({ count, plan }) =>
    Array.from({ length: count }, () => seedExecution(random, { plan: plan(random, start) })),
  )
  const parents = [
    ...documented.filter(({ id }) => id === DOCUMENTED_IDS.succeeded),
    ...others.filter(({ plan }) => plan.ending === 'SUCCEEDED').slice(0, OTHER_PARENTS),
  ]
  const children = parents.flatMap((parent) => [seedChild(random, parent), seedChild(random, parent)])
  return [...documented, ...others, ...children]
}

function documentedExecutions(start: number): readonly SeedOptions[] {
  const planAt = (age: number, runMs: number): Plan => ({
    createdAt: start - age,
    requestedMs: SECOND,
    queuedMs: 20 * SECOND,
    runMs,
    ending: 'SUCCEEDED',
  })
  return [
    { id: DOCUMENTED_IDS.runningForDays, example: 10, plan: planAt(9 * HOUR, 5 * DAY) },
    { id: DOCUMENTED_IDS.succeeded, example: 0, plan: planAt(2 * HOUR, 6 * MINUTE) },
    {
      id: DOCUMENTED_IDS.failed,
      example: 1,
      failure: 'validation',
      plan: { ...planAt(95 * MINUTE, 2 * MINUTE), ending: 'FAILED' },
    },
    {
      id: DOCUMENTED_IDS.pendingForDays,
      example: 20,
      plan: { ...planAt(50 * MINUTE, 5 * MINUTE), queuedMs: 9 * DAY },
    },
    {
      id: DOCUMENTED_IDS.cancelled,
      example: 11,
      plan: { ...planAt(4 * HOUR, HOUR), cancelledAt: start - 4 * HOUR + 8 * MINUTE },
    },
  ]
}

/** A child lives within the run of its parent. */
function seedChild(random: Random, parent: ExecutionSeed): ExecutionSeed {
  const { createdAt, requestedMs, queuedMs, runMs } = parent.plan
  const startedAt = createdAt + requestedMs + queuedMs
  return seedExecution(random, {
    parent,
    plan: {
      createdAt: startedAt + random.between(1, 2) * SECOND,
      requestedMs: 100,
      queuedMs: 900,
      runMs: Math.floor(runMs / 2),
      ending: 'SUCCEEDED',
    },
  })
}

import { LANDMARKS, landmarkWishes } from './landmarks.js'
import { createRandom, type Random } from '../random.js'
import { RECIPES } from './recipes.js'
import { seedExecution, type SeededExecution } from './seeded-execution.js'
import { SECOND } from './time.js'

const PARENTS_BESIDE_LANDMARK = 3

/**
 * Takes the moment the sandbox starts, gives its executions: the same ones each time, with their lives around that
 * moment.
 */
export function seedExecutions(start: number): readonly SeededExecution[] {
  const random = createRandom('executions of the Kodexa sandbox')
  const landmarks = landmarkWishes(start).map((wishes) => seedExecution(random, wishes))
  const others = RECIPES.flatMap(({ count, plan }) =>
    Array.from({ length: count }, () => seedExecution(random, { plan: plan(random, start) })),
  )
  const parents = [
    ...landmarks.filter(({ id }) => id === LANDMARKS.succeeded),
    ...others.filter(({ plan }) => plan.ending === 'SUCCEEDED').slice(0, PARENTS_BESIDE_LANDMARK),
  ]
  return [
    ...landmarks,
    ...others,
    ...parents.flatMap((parent) => [seedChild(random, parent), seedChild(random, parent)]),
  ]
}

/** Born and gone within the run of its parent. */
function seedChild(random: Random, parent: SeededExecution): SeededExecution {
  const { createdAt, requestedMs, queuedMs, runMs } = parent.plan
  return seedExecution(random, {
    parent,
    plan: {
      createdAt: createdAt + requestedMs + queuedMs + random.between(1, 2) * SECOND,
      requestedMs: 100,
      queuedMs: 900,
      runMs: Math.floor(runMs / 2),
      ending: 'SUCCEEDED',
    },
  })
}

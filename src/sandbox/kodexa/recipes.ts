import type { Random } from '../random.js'
import { DAY, HOUR, MINUTE, SECOND } from '../time.js'
import type { Plan } from './plan.js'

/** A number of executions that follow similar plans. */
export interface Recipe {
  readonly count: number
  /** Makes the plan of one execution, given when the sandbox starts. */
  readonly plan: (random: Random, start: number) => Plan
}

/**
 * Together they show all ten statuses at the start. Executions "for days" keep their status while somebody looks; the
 * others move within minutes.
 */
export const RECIPES: readonly Recipe[] = [
  { count: 45, plan: ended('SUCCEEDED') },
  { count: 13, plan: ended('FAILED') },
  { count: 5, plan: (random, start) => ({ ...ended('SKIPPED')(random, start), runMs: 0 }) },
  { count: 4, plan: (random, start) => ({ ...ended('REPROCESSED')(random, start), reprocessMs: MINUTE }) },
  { count: 3, plan: cancelledAfter(70 * SECOND) },
  { count: 2, plan: cancelledAfter(3_500) },
  { count: 1, plan: cancelling(2 * MINUTE) },
  { count: 1, plan: cancelling(20 * MINUTE) },
  { count: 1, plan: cancelling(6 * DAY) },
  { count: 6, plan: runningForDays },
  { count: 10, plan: runningForMinutes },
  { count: 5, plan: pendingForMinutes },
  { count: 3, plan: (random, start) => ({ ...runningForDays(random, start), queuedMs: 6 * DAY }) },
  { count: 3, plan: requestedForMinutes },
  { count: 1, plan: (random, start) => ({ ...runningForDays(random, start), requestedMs: 6 * DAY }) },
  { count: 2, plan: (random, start) => reprocessingFor(random.between(1, 4) * MINUTE, random, start) },
  { count: 2, plan: (random, start) => reprocessingFor(6 * DAY, random, start) },
]

function ended(ending: Plan['ending']): Recipe['plan'] {
  return (random, start) => ({
    createdAt: start - random.between(20 * MINUTE, 14 * HOUR),
    ...shortWait(random),
    runMs: random.between(20 * SECOND, 12 * MINUTE),
    ending,
  })
}

function shortWait(random: Random, maxQueuedMs = 60 * SECOND) {
  return { requestedMs: random.between(200, 3_000), queuedMs: random.between(2 * SECOND, maxQueuedMs) }
}

function cancelledAfter(ms: number): Recipe['plan'] {
  return (random, start) => {
    const plan = ended('SUCCEEDED')(random, start)
    return { ...plan, queuedMs: 5 * SECOND, runMs: 10 * MINUTE, cancelledAt: plan.createdAt + ms }
  }
}

function cancelling(windDownMs: number): Recipe['plan'] {
  return (random, start) => ({ ...runningForDays(random, start), cancelledAt: start - 10 * SECOND, windDownMs })
}

function runningForDays(random: Random, start: number): Plan {
  return {
    createdAt: start - random.between(HOUR, 8 * HOUR),
    ...shortWait(random),
    runMs: random.between(4 * DAY, 7 * DAY),
    ending: 'SUCCEEDED',
  }
}

function runningForMinutes(random: Random, start: number): Plan {
  const age = random.between(MINUTE, 4 * MINUTE)
  return {
    createdAt: start - age,
    ...shortWait(random, 20 * SECOND),
    runMs: age + random.between(30 * SECOND, 8 * MINUTE),
    ending: random.chance(0.25) ? 'FAILED' : 'SUCCEEDED',
  }
}

function pendingForMinutes(random: Random, start: number): Plan {
  const age = random.between(5 * SECOND, 40 * SECOND)
  return {
    createdAt: start - age,
    requestedMs: random.between(200, 3_000),
    queuedMs: age + random.between(10 * SECOND, 90 * SECOND),
    runMs: random.between(MINUTE, 4 * MINUTE),
    ending: 'SUCCEEDED',
  }
}

function requestedForMinutes(random: Random, start: number): Plan {
  const plan = pendingForMinutes(random, start)
  return { ...plan, requestedMs: plan.queuedMs }
}

function reprocessingFor(ms: number, random: Random, start: number): Plan {
  const plan = ended('REPROCESSED')(random, start)
  const ranUntil = plan.createdAt + plan.requestedMs + plan.queuedMs + plan.runMs
  return { ...plan, reprocessMs: start + ms - ranUntil }
}

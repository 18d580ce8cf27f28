import type { Random } from '../random.js'
import { DAY, HOUR, MINUTE, SECOND } from '../time.js'
import { NEVER, type Plan } from './plan.js'

type PlanMaker = (start: number, random: Random) => Plan

/** Plans by what the job is doing when the sandbox starts. */
const RECIPES = {
  draft(start, random) {
    return { createdAt: start - random.between(5, 600) * MINUTE, queuedMs: NEVER, runMs: 0, ending: 'COMPLETED' }
  },
  queued(start, random) {
    const createdAt = start - random.between(5, 60) * SECOND
    const startsAt = start + random.between(30, 120) * SECOND
    return { createdAt, queuedMs: startsAt - createdAt, runMs: random.between(60, 240) * SECOND, ending: 'COMPLETED' }
  },
  queuedForHours(start, random) {
    const createdAt = start - random.between(10, 60) * MINUTE
    return { createdAt, queuedMs: random.between(6, 12) * HOUR, runMs: HOUR, ending: 'COMPLETED' }
  },
  running(start, random) {
    const queuedMs = random.between(2, 20) * SECOND
    const runMs = random.between(5, 10) * MINUTE
    const endsAt = start + random.between(45, 240) * SECOND
    return { createdAt: endsAt - runMs - queuedMs, queuedMs, runMs, ending: 'COMPLETED' }
  },
  runningForHours: (start, random) => ({
    createdAt: start - random.between(20, 180) * MINUTE,
    queuedMs: random.between(2, 20) * SECOND,
    runMs: random.between(6, 48) * HOUR,
    ending: 'COMPLETED',
  }),
  runningForDays: (start) => ({ createdAt: start - 3 * HOUR, queuedMs: MINUTE, runMs: 30 * DAY, ending: 'COMPLETED' }),
  completed: ended('COMPLETED'),
  failed: ended('FAILED'),
  cancelled(start, random) {
    const plan = ended('COMPLETED')(start, random)
    // Every run lasts ten seconds or more, so the cancel arrives while it is running.
    return { ...plan, cancelledAt: plan.createdAt + plan.queuedMs + random.between(1, 9) * SECOND }
  },
  skipped: (start, random) => ({ ...ended('SKIPPED')(start, random), runMs: 0 }),
} as const satisfies Record<string, PlanMaker>

export type Recipe = keyof typeof RECIPES

/** Returns a plan for a job of a sandbox that starts at `start`. */
export function planFor(recipe: Recipe, start: number, random: Random): Plan {
  return RECIPES[recipe](start, random)
}

/** Repeats each recipe as often as its count says. */
export function repeatRecipes(counts: Readonly<Partial<Record<Recipe, number>>>): readonly Recipe[] {
  return Object.entries(counts).flatMap(([recipe, count]) => Array.from({ length: count }, () => recipe as Recipe))
}

function ended(ending: Plan['ending']): PlanMaker {
  return (start, random) => {
    const queuedMs = random.between(1, 30) * SECOND
    const runMs = random.between(10, 240) * SECOND
    const endedAt = start - random.between(2 * 60, 9 * 3600) * SECOND
    return { createdAt: endedAt - runMs - queuedMs, queuedMs, runMs, ending }
  }
}

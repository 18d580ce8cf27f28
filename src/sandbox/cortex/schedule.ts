import { NEVER, type Ending, type Plan } from './plan.js'
import type { Random } from '../random.js'

/** In ms, as are the ones below. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

type Schedule = (now: number, random: Random) => Plan

const SCHEDULES = {
  draft: (now, random) => ({
    createdAt: now - random.between(5, 600) * MINUTE,
    queuedMs: NEVER,
    runMs: 0,
    ending: 'COMPLETED',
  }),
  waiting(now, random) {
    const createdAt = now - random.between(5, 60) * SECOND
    const startsAt = now + random.between(30, 120) * SECOND
    return { createdAt, queuedMs: startsAt - createdAt, runMs: random.between(60, 240) * SECOND, ending: 'COMPLETED' }
  },
  waitingForHours: (now, random) => ({
    createdAt: now - random.between(10, 60) * MINUTE,
    queuedMs: random.between(6, 12) * HOUR,
    runMs: HOUR,
    ending: 'COMPLETED',
  }),
  running(now, random) {
    const queuedMs = random.between(2, 20) * SECOND
    const runMs = random.between(5, 10) * MINUTE
    const endsAt = now + random.between(45, 240) * SECOND
    return { createdAt: endsAt - runMs - queuedMs, queuedMs, runMs, ending: 'COMPLETED' }
  },
  runningForHours: (now, random) => ({
    createdAt: now - random.between(20, 180) * MINUTE,
    queuedMs: random.between(2, 20) * SECOND,
    runMs: random.between(6, 48) * HOUR,
    ending: 'COMPLETED',
  }),
  completed: over('COMPLETED'),
  failed: over('FAILED'),
  cancelled(now, random) {
    const plan = over('COMPLETED')(now, random)
    // Within the ten seconds that the shortest of these run at least.
    return { ...plan, cancelledAt: plan.createdAt + plan.queuedMs + random.between(1, 9) * SECOND }
  },
  skipped: (now, random) => ({ ...over('SKIPPED')(now, random), runMs: 0 }),
} as const satisfies Record<string, Schedule>

/** What a job is doing when the sandbox starts. */
export type Kind = keyof typeof SCHEDULES

/** Takes what the job is to be doing at `now`; gives such a plan. */
export function planFor(kind: Kind, now: number, random: Random): Plan {
  return SCHEDULES[kind](now, random)
}

/** Takes how many of each kind there are to be; gives them one by one. */
export function kindsOf(mix: Readonly<Partial<Record<Kind, number>>>): Kind[] {
  return Object.entries(mix).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as Kind))
}

function over(ending: Ending): Schedule {
  return (now, random) => {
    const queuedMs = random.between(1, 30) * SECOND
    const runMs = random.between(10, 240) * SECOND
    const endedAt = now - random.between(2 * 60, 9 * 3600) * SECOND
    return { createdAt: endedAt - runMs - queuedMs, queuedMs, runMs, ending }
  }
}

import { exists, progressOf, type Plan, type Progress } from '../plan.js'
import type { RunSeed } from '../seeds/run-seed.js'

/** When what was cancelled through the API, by the id of the record or run. */
export type Cancellations = ReadonlyMap<string, number>

/** A run at one moment. */
export interface RunSnapshot {
  readonly seed: RunSeed
  readonly plan: Plan
  readonly progress: Progress
  /** The moment. */
  readonly at: number
}

/**
 * Takes a run, the cancellations so far and a moment; gives the run as it is then, or null when it has not been made.
 * Cancelling a record cancels the runs of its rules: a guess, the vendor does not say.
 */
export function runSnapshot(seed: RunSeed, cancellations: Cancellations, at: number): RunSnapshot | null {
  const plan: Plan = { ...seed.plan, cancelledAt: earliestCancel(seed, cancellations) }
  return exists(plan, at) ? { seed, plan, progress: progressOf(plan, at), at } : null
}

function earliestCancel({ id, owner, plan }: RunSeed, cancellations: Cancellations): number | undefined {
  const cancels = [plan.cancelledAt, cancellations.get(id), owner ? cancellations.get(owner.recordId) : undefined]
  const times = cancels.filter((time) => time !== undefined)
  return times.length > 0 ? Math.min(...times) : undefined
}

import { phaseOf } from './plan.js'
import { Refusal } from './refusal.js'
import type { SeededExecution } from './seeded-execution.js'

/**
 * Takes an execution and the moment of the request, gives it as the cancel leaves it: on its way to CANCELLED, or
 * untouched where a cancel is already under way.
 *
 * @throws {Refusal} 400, it has ended. What Kodexa does then is not documented; of the likely answers this one asks
 * the most of a client.
 */
export function cancelExecution(execution: SeededExecution, now: number): SeededExecution {
  const { status, endedAt } = phaseOf(execution.plan, now)
  if (endedAt !== null) throw new Refusal(400, `Execution ${execution.id} is ${status} and cannot be cancelled`)
  if (status === 'CANCELLING') return execution
  return { ...execution, plan: { ...execution.plan, cancelRequestedAt: now } }
}

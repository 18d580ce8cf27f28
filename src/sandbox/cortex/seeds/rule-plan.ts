import { SECOND, MINUTE } from '../schedule.js'
import type { Ending, Plan } from '../plan.js'

const MAX_LEAD = MINUTE
const MAX_QUEUED = 2 * SECOND

/**
 * Takes a record's plan, the place of a rule among the record's, and how its run is to end; gives the plan of that
 * run. The first rule goes before all others, these go side by side, and the last of them ends with the record.
 */
export function rulePlan(record: Plan, position: number, count: number, ending: Ending): Plan {
  const startsAt = record.createdAt + record.queuedMs
  const lead = Math.round(Math.min(record.runMs * 0.3, MAX_LEAD))
  const share = 0.5 + (0.5 * position) / (count - 1)
  const length = position === 0 ? lead : Math.round((record.runMs - lead) * share)
  const queuedMs = Math.round(Math.min(length * 0.05, MAX_QUEUED))
  return {
    createdAt: position === 0 ? startsAt : startsAt + lead,
    queuedMs,
    runMs: length - queuedMs,
    ending,
    cancelledAt: record.cancelledAt,
  }
}

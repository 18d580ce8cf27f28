import type { Plan } from '../plan.js'
import { createRandom } from '../../random.js'
import { DAY, HOUR, MINUTE, planFor } from '../schedule.js'
import { invoiceSubject } from '../subjects/invoice.js'
import { sharedOcr } from '../workflows/shared-ocr.js'
import type { RunSeed } from './run-seed.js'

/**
 * Takes the moment the sandbox starts; gives the runs of the discoverable workflow. Nothing lists them, so all of
 * their ids are easy to remember.
 */
export function discoverableRuns(now: number): RunSeed[] {
  const random = createRandom(sharedOcr.id)
  const plans: Readonly<Record<string, Plan>> = {
    run_shared_ocr: { createdAt: now - 3 * HOUR, queuedMs: MINUTE, runMs: 30 * DAY, ending: 'COMPLETED' },
    run_shared_ocr_second: planFor('runningForHours', now, random),
    run_shared_ocr_waiting: planFor('waitingForHours', now, random),
    run_shared_ocr_short: planFor('running', now, random),
    run_shared_ocr_completed: planFor('completed', now, random),
    run_shared_ocr_cancelled: planFor('cancelled', now, random),
  }
  return Object.entries(plans).map(([id, plan], index) => ({
    id,
    workflow: sharedOcr,
    origin: 'ENDPOINT',
    subject: invoiceSubject(random, 900 + index),
    plan,
    owner: null,
  }))
}

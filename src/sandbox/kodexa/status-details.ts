import type { WireStatusDetails } from '../../vendors/kodexa/wire.js'
import type { Phase } from './plan.js'
import type { SeededExecution } from './seeded-execution.js'
import { plannedRunMs, stepWindows } from './step-windows.js'

/** Takes an execution and its phase, gives how far it is in hundredths. */
export function progressOf(execution: SeededExecution, { workedMs }: Phase): number {
  return workedMs === 0 ? 0 : Math.floor((100 * workedMs) / plannedRunMs(execution))
}

/** Takes an execution and its phase, gives what Kodexa says of it in a few words; null while it has not begun. */
export function statusDetailsOf(execution: SeededExecution, phase: Phase): WireStatusDetails | null {
  const progress = { progress: progressOf(execution, phase), progressMax: 100 }
  const windows = stepWindows(execution)
  const index = windows.findLastIndex(({ fromMs }) => phase.workedMs >= fromMs)
  const step = windows[index]?.step
  switch (phase.status) {
    case 'REQUESTED':
    case 'PENDING':
    case 'PENDING_REPROCESSING':
      return null
    case 'RUNNING':
      return {
        message: step?.doing,
        detail: `Step ${index + 1} of ${execution.steps.length}`,
        stepStatus: 'RUNNING',
        ...progress,
      }
    case 'CANCELLING':
      return { message: 'Waiting for the step to stop', detail: step?.name, stepStatus: 'CANCELLING', ...progress }
    case 'CANCELLED':
      return { message: 'Cancelled on request', stepStatus: 'CANCELLED', ...progress }
    case 'FAILED':
      return { message: `Stopped in the step ${step?.name}`, stepStatus: 'FAILED', ...progress }
    case 'SKIPPED':
      return { message: 'Skipped: the same content was processed before', stepStatus: 'SKIPPED' }
    case 'SUCCEEDED':
    case 'REPROCESSED':
      return { message: 'Finished', stepStatus: 'SUCCEEDED', ...progress }
  }
}

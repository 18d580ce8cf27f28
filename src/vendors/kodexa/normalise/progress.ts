import { readNumber } from '../../../upstream/lenient.js'
import { isTerminalStatus, type JobStatus } from '../../../job/state.js'

/** `part` divided by `whole`, clamped to 0–1; null when either is missing or `whole` is not positive. */
export function fraction(part: unknown, whole: unknown): number | null {
  const done = readNumber(part)
  const all = readNumber(whole)
  if (done === null || all === null || all <= 0) return null
  return Math.min(Math.max(done / all, 0), 1)
}

interface StepProgress {
  readonly status: JobStatus
  readonly vendorStatus: string | null
  readonly progress: number | null
}

/** The execution's progress from 0 to 1: its own figure, else its running step's, else the share of finished steps. */
export function progressOf(own: number | null, steps: readonly StepProgress[] | null | undefined): number | null {
  if (own !== null) return own
  const running = steps?.find((step) => step.status === 'RUNNING' && step.progress !== null)
  if (running) return running.progress
  if (!steps || steps.length === 0 || steps.some((step) => step.vendorStatus === null)) return null
  return steps.filter((step) => isTerminalStatus(step.status)).length / steps.length
}

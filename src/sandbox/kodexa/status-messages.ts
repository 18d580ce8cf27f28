import type { WireExecutionStatus, WireStatusMessage } from '../../vendors/kodexa/wire.js'
import { phaseOf, type Phase } from './plan.js'
import { createRandom } from '../random.js'
import type { SeededExecution } from './seeded-execution.js'
import { stepWindows, type StepWindow } from './step-windows.js'
import { wireDate } from './time.js'

interface Remark {
  readonly at: number
  readonly type: string
  readonly title: string
  readonly subtitle: string | null
}

/** Kodexa drops the older ones (status messages page). */
const MAX_MESSAGES = 10

/** Takes an execution and a moment, gives the newest messages it had by then, oldest first; none before it starts. */
export function statusMessagesOf(execution: SeededExecution, now: number): readonly WireStatusMessage[] {
  const phase = phaseOf(execution.plan, now)
  const { startedAt } = phase
  if (startedAt === null) return []
  const remarks = [...stepWindows(execution).flatMap((window) => stepRemarks(window, startedAt)), ...lastRemark(phase)]
  const random = createRandom(`status messages of ${execution.id}`)
  return remarks
    .filter(({ at }) => at <= startedAt + phase.workedMs || at === phase.since)
    .map(({ at, ...remark }) => ({ id: random.uuid(), executionId: execution.id, ...remark, datetime: wireDate(at) }))
    .slice(-MAX_MESSAGES)
}

function stepRemarks({ step, fromMs, plannedMs }: StepWindow, startedAt: number): readonly Remark[] {
  const { pages } = step
  const at = (share: number) => Math.round(startedAt + fromMs + share * plannedMs)
  return [
    { at: at(0), type: step.mood, title: step.doing, subtitle: null },
    { at: at(0.25), type: step.mood, title: step.doing, subtitle: `${Math.floor(pages / 4)} of ${pages} pages` },
    { at: at(0.75), type: 'REVIEWING', title: `Checking: ${step.name}`, subtitle: null },
  ]
}

function lastRemark({ status, since }: Phase): readonly Remark[] {
  const title = LAST_WORDS[status]
  return title === undefined ? [] : [{ at: since, type: 'WAITING', title, subtitle: null }]
}

const LAST_WORDS: Partial<Record<WireExecutionStatus, string>> = {
  SUCCEEDED: 'Done',
  FAILED: 'Stopped by an error',
  CANCELLING: 'Asked to stop',
  CANCELLED: 'Stopped on request',
  PENDING_REPROCESSING: 'Waiting to be reprocessed',
  REPROCESSED: 'Replaced by a newer execution',
}

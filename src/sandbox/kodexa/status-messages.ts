import type { WireExecutionStatus, WireStatusMessage } from '../../vendors/kodexa/wire.js'
import { createRandom } from '../random.js'
import { isoTime } from '../time.js'
import type { ExecutionSeed } from './execution-seed.js'
import { progressOf } from './plan.js'
import { stepWindows, type StepWindow } from './steps.js'

/** Kodexa drops older messages (status messages page). */
const MAX_MESSAGES = 10

const FINAL_TITLES: Partial<Record<WireExecutionStatus, string>> = {
  SUCCEEDED: 'Done',
  FAILED: 'Stopped by an error',
  CANCELLING: 'Asked to stop',
  CANCELLED: 'Stopped on request',
  PENDING_REPROCESSING: 'Waiting to be reprocessed',
  REPROCESSED: 'Replaced by a newer execution',
}

/** Returns the newest status messages of an execution at `now`, oldest first. There are none before it starts. */
export function wireStatusMessages(execution: ExecutionSeed, now: number): readonly WireStatusMessage[] {
  const { status, since, startedAt, workedMs } = progressOf(execution.plan, now)
  if (startedAt === null) return []
  const random = createRandom(`status messages of ${execution.id}`)
  const finalTitle = FINAL_TITLES[status]
  const messages = stepWindows(execution).flatMap((window) => stepMessages(window, startedAt))
  if (finalTitle !== undefined) messages.push({ at: since, type: 'WAITING', title: finalTitle, subtitle: null })
  return messages
    .filter(({ at }) => at <= startedAt + workedMs || at === since)
    .map(({ at, ...rest }) => ({ id: random.uuid(), executionId: execution.id, ...rest, datetime: isoTime(at) }))
    .slice(-MAX_MESSAGES)
}

function stepMessages({ step, fromMs, plannedMs }: StepWindow, startedAt: number) {
  const { pages, messageType: type, message: title } = step
  const at = (share: number) => Math.round(startedAt + fromMs + share * plannedMs)
  return [
    { at: at(0), type, title, subtitle: null },
    { at: at(0.25), type, title, subtitle: `${Math.floor(pages / 4)} of ${pages} pages` },
    { at: at(0.75), type: 'REVIEWING', title: `Checking: ${step.name}`, subtitle: null },
  ]
}

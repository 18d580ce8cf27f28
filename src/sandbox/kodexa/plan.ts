import type { WireExecutionStatus } from '../../vendors/kodexa/wire.js'
import { progressAt, type Progress } from '../lifecycle.js'
import { SECOND } from '../time.js'

/** The life of an execution, fixed when it is created; only a cancel changes it. Times are epoch ms. */
export interface Plan {
  readonly createdAt: number
  readonly requestedMs: number
  readonly queuedMs: number
  /** 0 for an execution that never runs. */
  readonly runMs: number
  /** How long it waits to be reprocessed after the run. Default 0. */
  readonly reprocessMs?: number
  readonly ending: 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'REPROCESSED'
  readonly cancelledAt?: number
  /** How long the running step takes to stop after a cancel. Default 4 seconds. */
  readonly windDownMs?: number
}

export type ExecutionProgress = Progress<WireExecutionStatus>

export function progressOf(plan: Plan, now: number): ExecutionProgress {
  const { createdAt, cancelledAt, windDownMs = 4 * SECOND } = plan
  return progressAt<WireExecutionStatus>(
    {
      createdAt,
      stages: [
        ['REQUESTED', plan.requestedMs],
        ['PENDING', plan.queuedMs],
        ['RUNNING', plan.runMs],
        ['PENDING_REPROCESSING', plan.reprocessMs ?? 0],
        [plan.ending, Infinity],
      ],
      cancel: cancelledAt === undefined ? null : { at: cancelledAt, stagesAfter },
    },
    now,
  )

  function stagesAfter(status: WireExecutionStatus) {
    return [
      ['CANCELLING', status === 'RUNNING' ? windDownMs : 0],
      ['CANCELLED', Infinity],
    ] as const
  }
}

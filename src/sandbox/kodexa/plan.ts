import type { WireExecutionStatus } from '../../vendors/kodexa/wire.js'
import { SECOND } from './time.js'

/** The life of an execution, decided when it is made; only a cancel changes it. Times are epoch ms. */
export interface Plan {
  readonly createdAt: number
  readonly requestedMs: number
  readonly queuedMs: number
  /** 0 for what never runs. */
  readonly runMs: number
  /** How long it waits, once it has run, to be reprocessed; only on the way to REPROCESSED. */
  readonly reprocessMs?: number
  readonly ending: 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'REPROCESSED'
  readonly cancelRequestedAt?: number
  /** How long the running step takes to let go after a cancel. Default 4 seconds. */
  readonly windDownMs?: number
}

/** Where an execution is in its plan. */
export interface Phase {
  readonly status: WireExecutionStatus
  readonly since: number
  /** How many statuses it has had before this one. */
  readonly changes: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** For how long its steps have worked; stands still from a cancel on. */
  readonly workedMs: number
}

interface Turn {
  readonly at: number
  readonly status: WireExecutionStatus
}

const TERMINAL: readonly WireExecutionStatus[] = ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED', 'REPROCESSED']

/** Takes a plan and a moment, gives the phase of that moment. No timer moves anything: the clock alone does. */
export function phaseOf(plan: Plan, now: number): Phase {
  const turns = courseOf(plan).filter((turn) => turn.at <= now)
  const current = turns.at(-1) ?? { at: plan.createdAt, status: 'REQUESTED' }
  const run = turns.findIndex((turn) => turn.status === 'RUNNING')
  const startedAt = turns[run]?.at ?? null
  const stoppedAt = turns[run + 1]?.at ?? now
  return {
    status: current.status,
    since: current.at,
    changes: Math.max(0, turns.length - 1),
    startedAt,
    endedAt: TERMINAL.includes(current.status) ? current.at : null,
    workedMs: startedAt === null ? 0 : stoppedAt - startedAt,
  }
}

function courseOf(plan: Plan): readonly Turn[] {
  const legs: readonly (readonly [WireExecutionStatus, number])[] = [
    ['REQUESTED', plan.requestedMs],
    ['PENDING', plan.queuedMs],
    ['RUNNING', plan.runMs],
    ['PENDING_REPROCESSING', plan.reprocessMs ?? 0],
    [plan.ending, Infinity],
  ]
  const turns: Turn[] = []
  let at = plan.createdAt
  for (const [status, ms] of legs) {
    if (ms > 0) turns.push({ at, status })
    at += ms
  }
  return plan.cancelRequestedAt === undefined ? turns : cutShort(turns, plan.cancelRequestedAt, plan.windDownMs)
}

function cutShort(turns: readonly Turn[], requestedAt: number, windDownMs = 4 * SECOND): readonly Turn[] {
  const before = turns.filter((turn) => turn.at <= requestedAt)
  if (before.at(-1)?.status !== 'RUNNING') return [...before, { at: requestedAt, status: 'CANCELLED' }]
  return [...before, { at: requestedAt, status: 'CANCELLING' }, { at: requestedAt + windDownMs, status: 'CANCELLED' }]
}

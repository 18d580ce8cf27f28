import type { ExecutionSeed, StepSeed } from './execution-seed.js'

/** When a step runs, in ms of work since the execution started. */
export interface StepWindow {
  readonly step: StepSeed
  readonly fromMs: number
  readonly toMs: number
  /** How long the step takes; more than its window for the step that fails. */
  readonly plannedMs: number
}

/** The share of its work that the failing step completes. */
const FAILS_AFTER = 0.6

/** Returns the windows of the steps, without those behind the failing step. */
export function stepWindows(execution: ExecutionSeed): readonly StepWindow[] {
  const plannedMs = plannedRunMs(execution)
  const totalWeight = weightOf(execution.steps)
  let weightBefore = 0
  return executedSteps(execution).map((step) => {
    const fromMs = Math.round((plannedMs * weightBefore) / totalWeight)
    weightBefore += step.weight
    const plannedToMs = Math.round((plannedMs * weightBefore) / totalWeight)
    return { step, fromMs, toMs: Math.min(plannedToMs, execution.plan.runMs), plannedMs: plannedToMs - fromMs }
  })
}

/** Returns how long the run would take if no step failed. */
export function plannedRunMs(execution: ExecutionSeed): number {
  const executed = executedSteps(execution)
  const undone = execution.plan.ending === 'FAILED' ? (1 - FAILS_AFTER) * (executed.at(-1)?.weight ?? 0) : 0
  return (execution.plan.runMs * weightOf(execution.steps)) / weightOf(executed, -undone)
}

function executedSteps({ steps, plan, failingStep }: ExecutionSeed): readonly StepSeed[] {
  return plan.ending === 'FAILED' ? steps.slice(0, failingStep + 1) : steps
}

function weightOf(steps: readonly StepSeed[], initial = 0): number {
  return steps.reduce((sum, step) => sum + step.weight, initial)
}

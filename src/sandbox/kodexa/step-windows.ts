import type { SeededExecution, SeededStep } from './seeded-execution.js'

/** When a step works, in ms of work since the execution started. */
export interface StepWindow {
  readonly step: SeededStep
  readonly fromMs: number
  readonly toMs: number
  /** How long the step would take; longer than its window for the one that fails. */
  readonly plannedMs: number
}

/** How far the failing step comes. */
const FAILS_AFTER = 0.6

/** Takes an execution, gives when each of its steps works; those behind the failing one never do and are left out. */
export function stepWindows(execution: SeededExecution): readonly StepWindow[] {
  const plannedMs = plannedRunMs(execution)
  const weight = totalWeight(execution)
  let passed = 0
  return workingSteps(execution).map((step) => {
    const fromMs = Math.round((plannedMs * passed) / weight)
    passed += step.weight
    const wholeMs = Math.round((plannedMs * passed) / weight)
    return { step, fromMs, toMs: Math.min(wholeMs, execution.plan.runMs), plannedMs: wholeMs - fromMs }
  })
}

/** Takes an execution, gives how long its run would take if no step failed. */
export function plannedRunMs(execution: SeededExecution): number {
  const working = workingSteps(execution)
  const unworked = execution.plan.ending === 'FAILED' ? (1 - FAILS_AFTER) * (working.at(-1)?.weight ?? 0) : 0
  const worked = working.reduce((sum, step) => sum + step.weight, -unworked)
  return (execution.plan.runMs * totalWeight(execution)) / worked
}

function workingSteps({ steps, plan, failsAt }: SeededExecution): readonly SeededStep[] {
  return plan.ending === 'FAILED' ? steps.slice(0, failsAt + 1) : steps
}

function totalWeight({ steps }: SeededExecution): number {
  return steps.reduce((sum, step) => sum + step.weight, 0)
}

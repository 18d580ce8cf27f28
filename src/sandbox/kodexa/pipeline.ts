import type { WireExecutionStatus, WirePipeline, WirePipelineStep } from '../../vendors/kodexa/wire.js'
import { failureOf } from './failure.js'
import type { Phase } from './plan.js'
import type { SeededExecution, SeededStep } from './seeded-execution.js'
import { stepWindows, type StepWindow } from './step-windows.js'

/** Takes an execution and its phase, gives its pipeline with the steps as far as they have come. */
export function pipelineOf(execution: SeededExecution, phase: Phase): WirePipeline {
  const windows = stepWindows(execution)
  const refused = phase.status === 'FAILED' && execution.failure === 'validation'
  return {
    id: execution.pipelineId,
    ref: `pipeline://acme/${execution.assistant.label}`,
    valid: !refused,
    exceptions: refused ? [failureOf(execution.failure)] : [],
    steps: execution.steps.map((step, index) => wireStep(execution, phase, step, windows[index])),
  }
}

function wireStep(
  execution: SeededExecution,
  phase: Phase,
  step: SeededStep,
  window: StepWindow | undefined,
): WirePipelineStep {
  const status = stepStatus(execution, phase, window)
  return {
    id: step.id,
    name: step.name,
    ref: step.ref,
    stepType: step.stepType,
    inputId: step.inputId,
    ...(step.conditional !== undefined && { conditional: step.conditional }),
    ...(step.tellsStatus && { status }),
    ...(window !== undefined && work(phase, window)),
    ...(status === 'RUNNING' && { statusMessage: step.doing }),
    ...(status === 'SUCCEEDED' && {
      outputId: step.outputIds[0],
      outputIds: step.listsOutputs ? [...step.outputIds] : step.outputIds.join(','),
    }),
    exceptionDetails: status === 'FAILED' ? failureOf(execution.failure) : null,
  }
}

function stepStatus(execution: SeededExecution, phase: Phase, window: StepWindow | undefined): WireExecutionStatus {
  if (window === undefined || !hasBegun(phase, window)) {
    if (phase.endedAt === null) return 'PENDING'
    return phase.status === 'CANCELLED' ? 'CANCELLED' : 'SKIPPED'
  }
  if (phase.workedMs < window.toMs) return phase.status
  return phase.status === 'FAILED' && window.step === execution.steps[execution.failsAt] ? 'FAILED' : 'SUCCEEDED'
}

function work(phase: Phase, { step, fromMs, toMs, plannedMs }: StepWindow): WirePipelineStep {
  if (phase.startedAt === null || phase.workedMs < fromMs) return { progress: 0, progressMax: step.pages }
  const workedMs = Math.min(phase.workedMs, toMs) - fromMs
  const endedAt = phase.workedMs < toMs ? phase.endedAt : phase.startedAt + toMs
  return {
    progress: Math.floor((step.pages * workedMs) / plannedMs),
    progressMax: step.pages,
    start: stepDate(phase.startedAt + fromMs),
    ...(endedAt !== null && { end: stepDate(endedAt), processingTime: endedAt - phase.startedAt - fromMs }),
  }
}

function hasBegun(phase: Phase, { fromMs }: StepWindow): boolean {
  return phase.startedAt !== null && phase.workedMs >= fromMs
}

/** Microseconds, as the workers' Python writes them. */
function stepDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

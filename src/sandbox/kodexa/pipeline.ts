import type { WireExecutionStatus, WirePipeline, WirePipelineStep } from '../../vendors/kodexa/wire.js'
import { wireFailure } from './data/failures.js'
import type { ExecutionSeed, StepSeed } from './execution-seed.js'
import type { ExecutionProgress } from './plan.js'
import { stepWindows, type StepWindow } from './steps.js'

/** Returns the pipeline of an execution, with the progress of its steps. */
export function wirePipeline(execution: ExecutionSeed, progress: ExecutionProgress): WirePipeline {
  const windows = stepWindows(execution)
  const isInvalid = progress.status === 'FAILED' && execution.failure === 'validation'
  return {
    id: execution.pipelineId,
    ref: `pipeline://acme/${execution.assistant.label}`,
    valid: !isInvalid,
    exceptions: isInvalid ? [wireFailure(execution.failure)] : [],
    steps: execution.steps.map((step, index) => wireStep(execution, progress, step, windows[index] ?? null)),
  }
}

function wireStep(
  execution: ExecutionSeed,
  progress: ExecutionProgress,
  step: StepSeed,
  window: StepWindow | null,
): WirePipelineStep {
  const status = stepStatus(execution, progress, window)
  return {
    id: step.id,
    name: step.name,
    ref: step.ref,
    stepType: step.stepType,
    inputId: step.inputId,
    ...(step.conditional !== undefined && { conditional: step.conditional }),
    ...(step.hasStatus && { status }),
    ...(window && stepProgress(progress, window)),
    ...(status === 'RUNNING' && { statusMessage: step.message }),
    ...(status === 'SUCCEEDED' && {
      outputId: step.outputIds[0],
      outputIds: step.listsOutputs ? [...step.outputIds] : step.outputIds.join(','),
    }),
    exceptionDetails: status === 'FAILED' ? wireFailure(execution.failure) : null,
  }
}

/** A null window means that the step is never reached. */
function stepStatus(
  execution: ExecutionSeed,
  progress: ExecutionProgress,
  window: StepWindow | null,
): WireExecutionStatus {
  if (window === null || !hasStarted(progress, window)) {
    if (progress.endedAt === null) return 'PENDING'
    return progress.status === 'CANCELLED' ? 'CANCELLED' : 'SKIPPED'
  }
  if (progress.workedMs < window.toMs) return progress.status
  const isFailing = progress.status === 'FAILED' && window.step === execution.steps[execution.failingStep]
  return isFailing ? 'FAILED' : 'SUCCEEDED'
}

function stepProgress(progress: ExecutionProgress, window: StepWindow): WirePipelineStep {
  const { startedAt, workedMs } = progress
  const { step, fromMs, toMs, plannedMs } = window
  if (startedAt === null || !hasStarted(progress, window)) return { progress: 0, progressMax: step.pages }
  const endedAt = workedMs < toMs ? progress.endedAt : startedAt + toMs
  return {
    progress: Math.floor((step.pages * (Math.min(workedMs, toMs) - fromMs)) / plannedMs),
    progressMax: step.pages,
    start: stepDate(startedAt + fromMs),
    ...(endedAt !== null && { end: stepDate(endedAt), processingTime: endedAt - startedAt - fromMs }),
  }
}

function hasStarted({ startedAt, workedMs }: ExecutionProgress, { fromMs }: StepWindow): boolean {
  return startedAt !== null && workedMs >= fromMs
}

/** In microseconds, as the vendor's Python workers write dates. */
function stepDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
